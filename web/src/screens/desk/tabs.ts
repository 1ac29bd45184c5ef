/** The views of the desk. */
export type Tab = 'residents' | 'team' | 'door' | 'paper' | 'log';

export const tabs: readonly (readonly [Tab, string])[] = [
  ['residents', 'Residents'],
  ['team', 'Team and sign-ins'],
  ['door', 'Getting in'],
  ['paper', 'Paper'],
  ['log', 'Log'],
];

/** Returns the tab of that name, else the first. */
export const tabOf = (view: string): Tab => tabs.find(([key]) => key === view)?.[0] ?? 'residents';
