import { decodeJwt, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import postgres, { type Sql } from "postgres";
import { operatorBearer, operatorToken } from "#hub/auth/operator-token.ts";
import { derivedKey } from "#hub/auth/secrets.ts";
import { failure, frame, makePlace, newId, result, SECRET, startTestHub, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";

let one: HubFixture;
let two: HubFixture;
let place: TestPlace;
let admin: Sql;
beforeAll(async () => {
  one = await startTestHub();
  two = await startTestHub({ database: one.database });
  place = await makePlace(one);
  admin = postgres(one.database.adminUrl, { max: 2 });
});
afterAll(async () => {
  await admin.end();
  await two.stop();
  await one.stop();
});

const waiting = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** PINs are looked at again at once: the clock of the back-off is the database's. */
const forgetAttempts = () => admin`delete from access_attempts`;

test("a pairing code is 40 bits, lives 10 minutes and pairs one device", async () => {
  const { code, expiresAt } = await place.operator.auth.createPairingCode.mutate({ name: "Tablet 1", kind: "pos", station: null });
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
  const typed = code.toLowerCase().replace("-", " ");
  const tries = await Promise.allSettled([one.api().auth.pair.mutate({ code: typed }), two.api().auth.pair.mutate({ code })]);
  const paired = tries.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  expect(paired).toHaveLength(1);
  expect(paired[0]).toMatchObject({ deviceName: "Tablet 1", kind: "pos", merchant: { id: place.merchant, name: "Test place" }, organizer: place.organizer });
  expect(await failure(one.api().auth.pair.mutate({ code }))).toMatchObject({ code: "UNAUTHORIZED", refused: "unknown-code" });
  const [stored] = await admin`select count(*)::int as n from device_credentials where token_hash = ${Buffer.from(paired[0]?.deviceToken ?? "")}`;
  expect(stored?.["n"]).toBe(0);
  const events = await admin`select type from events where stream = ${paired[0]?.device ?? ""}`;
  expect(events).toMatchObject([{ type: "identity.device.paired" }]);
});

test("an old code pairs nothing, and guessing codes is slowed down", async () => {
  const { code } = await place.operator.auth.createPairingCode.mutate({ name: "Late", kind: "pos", station: null });
  await admin`update pairing_codes set created_at = created_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes'`;
  expect(await failure(one.api().auth.pair.mutate({ code }))).toMatchObject({ refused: "unknown-code" });
  for (let i = 0; i < 12; i++) await failure(one.api().auth.pair.mutate({ code: "00000000" }));
  expect(await failure(one.api().auth.pair.mutate({ code: "00000000" }))).toMatchObject({ code: "TOO_MANY_REQUESTS", refused: "too-many-attempts", retryAfterMs: expect.any(Number) });
  await forgetAttempts();
});

test("PINs back off per device and person; a colleague and another device are not locked out", async () => {
  const [first, second] = await Promise.all([place.device("pos"), place.device("pos")]);
  const [mai, luca] = await Promise.all([place.person("Mai", "1111"), place.person("Luca", "2222")]);
  const here = one.api(first.deviceToken);
  const wrong = () => failure(here.auth.login.mutate({ staff: mai, pin: "0000" }));
  expect(await wrong()).not.toHaveProperty("retryAfterMs");
  expect(await wrong()).toMatchObject({ code: "UNAUTHORIZED", refused: "wrong-pin" });
  expect(await wrong()).toMatchObject({ refused: "wrong-pin", retryAfterMs: 2000 });
  expect(await failure(here.auth.login.mutate({ staff: mai, pin: "1111" }))).toMatchObject({ code: "TOO_MANY_REQUESTS", refused: "too-many-attempts" });
  expect((await here.auth.login.mutate({ staff: luca, pin: "2222" })).staff.name).toBe("Luca");
  expect((await two.api(second.deviceToken).auth.login.mutate({ staff: mai, pin: "1111" })).staff.name).toBe("Mai");
  await admin`update access_attempts set blocked_until = now()`;
  expect((await here.auth.login.mutate({ staff: mai, pin: "1111" })).staff.name).toBe("Mai");
});

test("guesses made at once count as well: no more than three are looked at", async () => {
  const device = await place.device("pos");
  const mai = await place.person("Mai", "1111");
  const guesses = await Promise.all(Array.from({ length: 12 }, (_, i) => failure(one.api(device.deviceToken).auth.login.mutate({ staff: mai, pin: `000${i % 10}` }))));
  expect(guesses.filter(({ refused }) => refused === "wrong-pin").length).toBeLessThanOrEqual(3);
  await forgetAttempts();
});

test("a device is slowed down whoever is tried on it", async () => {
  const device = await place.device("pos");
  const [fresh = "", ...people] = await Promise.all(Array.from({ length: 9 }, (_, i) => place.person(`P${i}`, "1111")));
  for (const staff of [...people, ...people]) await failure(one.api(device.deviceToken).auth.login.mutate({ staff, pin: "0000" }));
  expect(await failure(one.api(device.deviceToken).auth.login.mutate({ staff: fresh, pin: "1111" }))).toMatchObject({ refused: "too-many-attempts" });
  await forgetAttempts();
});

test("an hour without a wrong PIN forgets, however many right ones there were in it", async () => {
  const device = await place.device("pos");
  const people = await Promise.all(Array.from({ length: 6 }, (_, i) => place.person(`T${i}`, "1111")));
  const here = one.api(device.deviceToken);
  const typo = (staff: string | undefined) => failure(here.auth.login.mutate({ staff: staff ?? "", pin: "0000" }));
  const pass = (minutes: number) => admin`
    update access_attempts set last_at = last_at - ${minutes} * interval '1 minute', last_failed_at = last_failed_at - ${minutes} * interval '1 minute'`;
  for (const staff of [...people, ...people.slice(0, 5)]) expect(await typo(staff)).not.toHaveProperty("retryAfterMs");
  const mai = await place.person("Mai", "1111");
  for (let i = 0; i < 3; i++) {
    await pass(25);
    await here.auth.login.mutate({ staff: mai, pin: "1111" });
  }
  expect(await typo(people[5])).toEqual(expect.not.objectContaining({ retryAfterMs: expect.any(Number) }));
  const [counted] = await admin<{ failures: number }[]>`select failures from access_attempts where key = ${`pin:${device.device}`}`;
  expect(counted?.failures).toBeLessThanOrEqual(2);
  await forgetAttempts();
});

test("wrong PINs less than an hour apart are not forgotten by right ones between them", async () => {
  const device = await place.device("pos");
  const people = await Promise.all(Array.from({ length: 7 }, (_, i) => place.person(`U${i}`, "1111")));
  const here = one.api(device.deviceToken);
  const mai = await place.person("Mai", "1111");
  const answers = [];
  for (const staff of [...people, ...people].slice(0, 12)) {
    answers.push(await failure(here.auth.login.mutate({ staff, pin: "0000" })));
    if (answers.length < 12) await here.auth.login.mutate({ staff: mai, pin: "1111" });
  }
  expect(answers.at(-1)).toMatchObject({ refused: "wrong-pin", retryAfterMs: 5000 });
  await forgetAttempts();
});

test("a changed PIN is in the log without the PIN, and whoever came in with the old one is out", async () => {
  const { api, staff, tokens, onDevice } = await place.login("Mai");
  const manager = await place.login("Boss");
  const elsewhere = two.api(tokens.accessToken);
  await elsewhere.sync.snapshot.query();
  await manager.api.auth.setPin.mutate({ staff, pin: "86429753" });
  expect(await failure(api.sync.snapshot.query())).toMatchObject({ refused: "session-expired" });
  await expect.poll(() => elsewhere.sync.snapshot.query().then(() => "in", () => "out"), { timeout: 10_000, interval: 200 }).toBe("out");
  expect(await failure(onDevice.auth.refresh.mutate({ refreshToken: tokens.refreshToken }))).toMatchObject({ refused: "session-expired" });
  expect(await failure(onDevice.auth.login.mutate({ staff, pin: "1234" }))).toMatchObject({ refused: "wrong-pin" });
  expect((await onDevice.auth.login.mutate({ staff, pin: "86429753" })).staff.id).toBe(staff);
  const events = await admin<{ type: string; envelope: string }[]>`select type, envelope from events where stream = ${staff} order by stream_version`;
  expect(events.map(({ type }) => type)).toEqual(["identity.staff.created", "identity.staff.pinChanged", "identity.staff.pinChanged"]);
  expect(events[2]?.envelope).toContain("Boss");
  expect(events[2]?.envelope).toContain(`staff:${manager.staff}`);
  expect(events.map(({ envelope }) => envelope).join()).not.toMatch(/86429753|argon2/);
  expect((await admin`select distinct end_reason from sessions where id = (select id from sessions where staff = ${staff} order by created_at limit 1)`)[0]).toMatchObject({ end_reason: "pin-changed" });
});

test("a manager sets no PIN of somebody who may do more, and the command behind it has no door", async () => {
  const owner = await place.login("Owner");
  const manager = await place.login("Manager", ["manage.settings", "order.take"]);
  const taken = await failure(manager.api.auth.setPin.mutate({ staff: owner.staff, pin: "0001" }));
  expect(taken).toMatchObject({ code: "FORBIDDEN", refused: "grant-exceeds-own", merchant: place.merchant });
  await owner.api.sync.snapshot.query();
  expect((await owner.onDevice.auth.login.mutate({ staff: owner.staff, pin: "1234" })).staff.name).toBe("Owner");
  const answer = await fetch(`${one.url}/trpc/identity.changePin`, {
    method: "POST",
    headers: { authorization: `Bearer ${manager.tokens.accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({ json: frame({ staff: owner.staff }) }),
  });
  expect(answer.status).toBe(404);
});

test("a PIN is kept as argon2id, and one digit string is another hash for another person", async () => {
  const staff = await Promise.all([place.person("A", "7777"), place.person("B", "7777")]);
  const rows = await admin`select pin_hash from staff_pins where staff = any(${staff})`;
  expect(rows.map(({ pin_hash }) => String(pin_hash).slice(0, 9))).toEqual(["$argon2id", "$argon2id"]);
  expect(new Set(rows.map(({ pin_hash }) => pin_hash)).size).toBe(2);
  expect(await failure(place.operator.auth.setPin.mutate({ staff: newId("staff"), pin: "1111" }))).toMatchObject({ code: "NOT_FOUND", refused: "unknown-staff", fields: [{ path: "staff" }] });
});

test("a refresh token works once; its second use ends the session and all that came of it", async () => {
  const { onDevice, tokens, api } = await place.login("Mai");
  const renewed = await onDevice.auth.refresh.mutate({ refreshToken: tokens.refreshToken });
  expect(renewed.staff).toEqual(tokens.staff);
  await one.api(renewed.accessToken).sync.snapshot.query();
  const next = await onDevice.auth.refresh.mutate({ refreshToken: renewed.refreshToken });
  expect(await failure(onDevice.auth.refresh.mutate({ refreshToken: tokens.refreshToken }))).toMatchObject({ code: "UNAUTHORIZED", refused: "refresh-reused" });
  expect(await failure(onDevice.auth.refresh.mutate({ refreshToken: next.refreshToken }))).toMatchObject({ refused: "session-expired" });
  for (const bearer of [api, one.api(renewed.accessToken)]) expect(await failure(bearer.sync.snapshot.query())).toMatchObject({ code: "UNAUTHORIZED", refused: "session-expired" });
});

test("a refresh whose answer was lost is answered again, for a minute and while nobody has used what it gave", async () => {
  const { onDevice, tokens } = await place.login("Mai");
  const lost = await onDevice.auth.refresh.mutate({ refreshToken: tokens.refreshToken });
  const again = await onDevice.auth.refresh.mutate({ refreshToken: tokens.refreshToken });
  expect(again.refreshToken).toBe(lost.refreshToken);
  await one.api(again.accessToken).sync.snapshot.query();
  await admin`update refresh_tokens set used_at = used_at - interval '61 seconds' where session in (select id from sessions where staff = ${tokens.staff.id})`;
  expect(await failure(onDevice.auth.refresh.mutate({ refreshToken: tokens.refreshToken }))).toMatchObject({ refused: "refresh-reused" });
});

test("a refresh token is worth nothing on another device", async () => {
  const [mai, luca] = await Promise.all([place.login("Mai"), place.login("Luca")]);
  expect(await failure(luca.onDevice.auth.refresh.mutate({ refreshToken: mai.tokens.refreshToken }))).toMatchObject({ refused: "unknown-token" });
  await mai.onDevice.auth.refresh.mutate({ refreshToken: mai.tokens.refreshToken });
});

test("logging out ends the session here at once and on another hub within seconds", async () => {
  const { api, tokens } = await place.login("Mai");
  const elsewhere = two.api(tokens.accessToken);
  await elsewhere.sync.snapshot.query();
  await api.auth.logout.mutate();
  expect(await failure(api.sync.snapshot.query())).toMatchObject({ refused: "session-expired" });
  await expect.poll(() => elsewhere.sync.snapshot.query().then(() => "in", () => "out"), { timeout: 10_000, interval: 200 }).toBe("out");
});

test("disabling a person ends their sessions everywhere within seconds, and their PIN with them", async () => {
  const { api, staff, tokens, onDevice } = await place.login("Mai");
  const elsewhere = two.api(tokens.accessToken);
  await Promise.all([api.sync.snapshot.query(), elsewhere.sync.snapshot.query()]);
  result(await place.operator.identity.disableStaff.mutate(frame({ staff, reason: "left" })));
  for (const bearer of [api, elsewhere]) await expect.poll(() => bearer.sync.snapshot.query().then(() => "in", () => "out"), { timeout: 10_000, interval: 200 }).toBe("out");
  expect(await failure(onDevice.auth.refresh.mutate({ refreshToken: tokens.refreshToken }))).toMatchObject({ refused: "session-expired" });
  expect(await failure(onDevice.auth.login.mutate({ staff, pin: "1234" }))).toMatchObject({ refused: "wrong-pin" });
  expect((await onDevice.auth.people.query()).people.map((person) => person.staff)).not.toContain(staff);
  await forgetAttempts();
});

test("a revoked device is out, with whoever works on it", async () => {
  const { api, onDevice, paired } = await place.login("Mai");
  result(await place.operator.identity.revokeDevice.mutate(frame({ device: paired.device, reason: "lost" })));
  await expect.poll(() => onDevice.auth.people.query().then(() => "in", () => "out"), { timeout: 10_000, interval: 200 }).toBe("out");
  await expect.poll(() => api.sync.snapshot.query().then(() => "in", () => "out"), { timeout: 10_000, interval: 200 }).toBe("out");
});

test("a kitchen screen logs in by itself, for the kitchen only; a till does not", async () => {
  const kds = await place.device("kds", place.station);
  const login = await one.api(kds.deviceToken).auth.deviceLogin.mutate();
  expect(login).toMatchObject({ refreshToken: null, staff: null, capabilities: ["kitchen.work"] });
  const screen = one.api(login.accessToken);
  const { aggregates } = await screen.sync.snapshot.query();
  expect(new Set(aggregates.map(({ kind }) => kind))).toEqual(new Set(["merchant", "category", "product", "table"]));
  const seat = screen.party.seat.mutate(frame({ party: newId("party"), order: newId("order"), tables: [place.tables[0]], covers: 2, whenOccupied: "refuse" }));
  expect(await failure(seat)).toMatchObject({ code: "FORBIDDEN", refused: "capability-missing", capability: "floor.seat" });
  const pos = await place.device("pos");
  expect(await failure(one.api(pos.deviceToken).auth.deviceLogin.mutate())).toMatchObject({ code: "FORBIDDEN", refused: "device-kind" });
});

test("capabilities decide, procedure by procedure", async () => {
  const { api } = await place.login("Cook", ["kitchen.work"]);
  expect(await failure(api.report.today.query())).toMatchObject({ code: "FORBIDDEN", refused: "capability-missing", capability: "manage.view" });
  expect(await failure(api.auth.createPairingCode.mutate({ name: "x", kind: "pos", station: null }))).toMatchObject({ refused: "capability-missing" });
  expect(await failure(api.auth.setPin.mutate({ staff: newId("staff"), pin: "1111" }))).toMatchObject({ refused: "capability-missing" });
  expect(await failure(api.commerce.createOrganizer.mutate(frame({ organizer: newId("organizer"), name: "Mine" })))).toMatchObject({ refused: "capability-missing", capability: "operate.system" });
});

test("the operator acts for the tenant that the token names and for no other", async () => {
  const other = await makePlace(one);
  const mixed = one.api(operatorBearer(SECRET, { organizer: place.organizer, merchant: place.merchant }));
  const foreign = mixed.commerce.createMerchant.mutate(frame({ merchant: other.merchant, profile: { name: "x", currency: "EUR", displayDigits: 2, zone: "UTC", cutOver: "04:00", locale: "en", address: [] }, policies: { taxes: [{ code: "a", name: "a", rate: "0", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up", level: "check" }, cashStep: 1 } }));
  expect(await failure(foreign)).toMatchObject({ code: "FORBIDDEN", refused: "foreign-id", fields: [{ path: "input.merchant" }] });
  const crossed = one.api(operatorBearer(SECRET, { organizer: place.organizer, merchant: other.merchant }));
  expect(await failure(crossed.sync.snapshot.query())).toMatchObject({ code: "UNAUTHORIZED", refused: "unknown-token" });
  const stranger = one.api(operatorBearer("another-secret-that-is-long-enough-too", { organizer: place.organizer, merchant: place.merchant }));
  expect(await failure(stranger.sync.snapshot.query())).toMatchObject({ code: "UNAUTHORIZED", refused: "unknown-token" });
  for (const bearer of [operatorToken(SECRET), `${operatorToken(SECRET)}/${place.merchant}`, `${operatorToken(SECRET)}/${place.organizer}/x`]) {
    expect(await failure(one.api(bearer).sync.snapshot.query())).toMatchObject({ refused: "unknown-token" });
  }
});

test("an access token is taken only as we issue it: algorithm, type, audience, issuer, key, time", async () => {
  const { tokens } = await place.login("Mai");
  const [, payload] = tokens.accessToken.split(".");
  const { sub, org, mer } = JSON.parse(Buffer.from(payload ?? "", "base64url").toString()) as Record<string, string>;
  const key = derivedKey(SECRET, "access-token");
  const forge = (change: { typ?: string; aud?: string; iss?: string; key?: Uint8Array; alg?: string; exp?: number }) =>
    new SignJWT({ org, mer })
      .setProtectedHeader({ alg: change.alg ?? "HS256", typ: change.typ ?? "at+jwt" })
      .setSubject(sub ?? "")
      .setAudience(change.aud ?? "comanda/api")
      .setIssuer(change.iss ?? "comanda")
      .setExpirationTime(change.exp ?? Math.floor(Date.now() / 1000) + 60)
      .sign(change.key ?? key);
  await one.api(await forge({})).sync.snapshot.query();
  for (const change of [{ typ: "JWT" }, { aud: "other" }, { iss: "other" }, { key: derivedKey("x", "access-token") }, { alg: "HS512", key: new Uint8Array(64) }]) {
    expect(await failure(one.api(await forge(change)).sync.snapshot.query())).toMatchObject({ code: "UNAUTHORIZED", refused: "unknown-token" });
  }
  expect(await failure(one.api(await forge({ exp: Math.floor(Date.now() / 1000) - 1 })).sync.snapshot.query())).toMatchObject({ refused: "session-expired" });
  const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString("base64url")}.${payload}.`;
  expect(await failure(one.api(unsigned).sync.snapshot.query())).toMatchObject({ refused: "unknown-token" });
});

test("a socket ticket opens one socket, at whichever hub, and the session's end closes it", async () => {
  const { api } = await place.login("Mai");
  const { ticket } = await api.auth.socketTicket.mutate();
  const socket = await openSocket(two.url, ticket);
  expect(socket.first).toBe("welcome");
  expect((await openSocket(one.url, ticket)).first).toBe("refused");
  await api.auth.logout.mutate();
  await Promise.race([socket.closed, waiting(5_000).then(() => Promise.reject(new Error("the socket outlived its session")))]);
});

test("a ticket is worth nothing after 30 s", async () => {
  const { api } = await place.login("Mai");
  const { ticket } = await api.auth.socketTicket.mutate();
  await admin`update socket_tickets set expires_at = now()`;
  expect((await openSocket(one.url, ticket)).first).toBe("refused");
});

test("who is asking is found in one statement, at its own place, and leaves no place behind on the connection", async () => {
  const { tokens } = await place.login("Mai");
  const session = decodeJwt(tokens.accessToken).sub ?? "";
  const hub = postgres(one.database.hubUrl, { max: 1, fetch_types: false });
  try {
    const asked = (merchant: string) => hub`select staff, device_kind, staff_head ->> 'name' as name from load_session(${place.organizer}, ${merchant}, ${session})`;
    expect(await asked(place.merchant)).toEqual([{ staff: expect.stringMatching(/^stf_/), device_kind: "pos", name: "Mai" }]);
    expect(await hub`select from sessions`).toHaveLength(0);
    expect(await asked(newId("merchant"))).toHaveLength(0);
  } finally {
    await hub.end();
  }
});

async function openSocket(url: string, ticket: string): Promise<{ first: string; closed: Promise<void> }> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`);
  const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve(), { once: true }));
  const first = new Promise<string>((resolve) => socket.addEventListener("message", ({ data }) => resolve((JSON.parse(String(data)) as { type: string }).type), { once: true }));
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  socket.send(JSON.stringify({ type: "hello", protocol: 1, ticket }));
  return { first: await first, closed };
}
