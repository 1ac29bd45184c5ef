/** Every sentence that the library shows. The shared vocabulary is in `ui/words.ts`. */
export const copy = {
  error: {
    server: 'The server could not answer. It will be tried again.',
    noLogin: 'This device has no access to the room.',
    tooLarge: 'This is more than the way to the server lets through. Ask whoever runs Muster.',
    network: 'No answer from the server. Check the signal and try again.',
  },
  /** Why the server closed a socket permanently, by close code. */
  close: {
    4500: 'This page and the server do not understand each other. Load the page again.',
    4501: 'This page and the server do not understand each other. Load the page again.',
    4502: 'This page and the server do not understand each other. Load the page again.',
    4503: 'There is a newer version of this page. Load it again.',
    4504: 'Your access to this room has ended. Ask the incident room for a new link.',
    4505: 'This device may not see this room. Ask the incident room for a new link.',
  } as Partial<Record<number, string>>,
  outbox: {
    lateReason: 'No signal',
  },
  /** How to log in, by face. */
  enter: {
    another: 'Somebody else has come in on this phone. Load this page again.',
    wall: 'This screen is not in a room yet. Ask the desk for a link for the wall and open it here.',
    desk: 'You are not in a room on this computer. Open the link you were sent, or ask the lead co-ordinating manager for one.',
    phone:
      'You are not in a room on this phone. Open the link you were sent, or ask the incident room for one.',
    sitrep:
      'You are not in a room on this device. Open the link you were sent, or ask the incident room for one.',
  },
  insecure:
    'This page came without encryption, so this browser keeps nothing safely: no work without signal and no sign-in that lasts. Open the address that begins with https.',
} as const;
