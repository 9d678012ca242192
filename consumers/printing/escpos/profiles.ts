/** What a printer can do. A code page is used only where its maker's number for it is known. */
export type PrinterProfile = {
  readonly id: string;
  readonly name: string;
  readonly dots: number;
  readonly columns: number;
  readonly codePages: readonly { readonly number: number; readonly encoding: string }[];
  readonly cutter: boolean;
  readonly buzzer: "epson" | "clone" | "none";
  readonly status: StatusAbility;
};

export type StatusAbility = {
  /** DLE EOT: `firm` printers that stay silent are taken as not working; `probe` printers may simply not know it. */
  readonly realTime: "firm" | "probe" | "none";
  /** How the end of a job is known: GS ( H answers when it is printed, GS r when the buffer reached it. */
  readonly completion: "process-id" | "transmit-status" | "none";
  /** Automatic status back: four bytes on every change. */
  readonly automatic: boolean;
};

const EPSON_CODE_PAGES = [
  { number: 0, encoding: "cp437" },
  { number: 16, encoding: "win1252" },
  { number: 19, encoding: "cp858" },
  { number: 2, encoding: "cp850" },
  { number: 18, encoding: "cp852" },
  { number: 45, encoding: "win1250" },
  { number: 17, encoding: "cp866" },
  { number: 46, encoding: "win1251" },
] as const;

export const PROFILES = {
  "generic-80": {
    id: "generic-80",
    name: "80 mm, any maker",
    dots: 576,
    columns: 48,
    codePages: [],
    cutter: true,
    buzzer: "none",
    status: { realTime: "probe", completion: "transmit-status", automatic: false },
  },
  "generic-58": {
    id: "generic-58",
    name: "58 mm, any maker",
    dots: 384,
    columns: 32,
    codePages: [],
    cutter: false,
    buzzer: "none",
    status: { realTime: "probe", completion: "none", automatic: false },
  },
  "epson-tm-t88v": {
    id: "epson-tm-t88v",
    name: "Epson TM-T88V",
    dots: 512,
    columns: 42,
    codePages: EPSON_CODE_PAGES,
    cutter: true,
    buzzer: "epson",
    status: { realTime: "firm", completion: "process-id", automatic: true },
  },
  "epson-tm-t20iii": {
    id: "epson-tm-t20iii",
    name: "Epson TM-T20III",
    dots: 576,
    columns: 48,
    codePages: EPSON_CODE_PAGES,
    cutter: true,
    buzzer: "epson",
    status: { realTime: "firm", completion: "process-id", automatic: true },
  },
} as const satisfies Record<string, PrinterProfile>;

export type ProfileId = keyof typeof PROFILES;

export function isProfileId(id: string): id is ProfileId {
  return Object.hasOwn(PROFILES, id);
}

export function profileOf(id: string): PrinterProfile {
  return isProfileId(id) ? PROFILES[id] : PROFILES["generic-80"];
}
