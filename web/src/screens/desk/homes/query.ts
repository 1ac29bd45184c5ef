/** Encodes fields as a query string; blank ones are omitted. */
export function queryOf(fields: Record<string, string>): string {
  const said = Object.entries(fields).filter(([, value]) => value.trim() !== '');
  return new URLSearchParams(said).toString();
}
