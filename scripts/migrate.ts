import { migrate } from "#hub/db/migrate.ts";

/**
 * Brings a database up to the newest migration: `node scripts/migrate.ts`, with DATABASE_URL as an administrator.
 * The application roles get the passwords that stand in HUB_DATABASE_URL and CONSUMER_DATABASE_URL.
 */
async function main(): Promise<void> {
  const adminUrl = addressIn("DATABASE_URL");
  const passwords = { hub: passwordIn("HUB_DATABASE_URL"), consumer: passwordIn("CONSUMER_DATABASE_URL") };
  const { applied } = await migrate(adminUrl, { passwords });
  console.log(applied.length === 0 ? "The schema is up to date." : `Applied: ${applied.join(", ")}.`);
}

function addressIn(variable: string): string {
  const address = process.env[variable];
  if (address === undefined || !URL.canParse(address)) {
    console.error(`${variable} must be an address like postgres://user:password@host:5432/comanda.`);
    process.exit(1);
  }
  return address;
}

function passwordIn(variable: string): string {
  const password = decodeURIComponent(new URL(addressIn(variable)).password);
  if (password === "") {
    console.error(`${variable} must hold the password that its role is to have.`);
    process.exit(1);
  }
  return password;
}

await main().catch((error: unknown) => {
  console.error(`The database could not be migrated: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
