/** Returns fields as they stand in an address; blank ones are not asked. */
export function queryOf(fields: Record<string, string>): string {
  const said = Object.entries(fields).filter(([, value]) => value.trim() !== '');
  return new URLSearchParams(said).toString();
}
