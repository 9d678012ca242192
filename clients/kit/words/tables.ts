export function tableName(name: string): string {
  return `Table ${name}`;
}
