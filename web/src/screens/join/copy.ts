/** Every sentence of the join page, besides those of the library. */
export const entrance = {
  join: {
    empty: 'The link is not whole. Open it again from the message, or type it in full.',
    refused: {
      invite_expired: 'The link is too old. Ask whoever sent it for a new one.',
      invite_used:
        'The link was used already, perhaps on another device. Ask whoever sent it for a new one.',
      no_invite: 'Nobody knows this link. Copy it in full, or ask whoever sent it for a new one.',
    } as Partial<Record<string, string>>,
  },
  /** Why rooms cannot be opened on this device, by status. */
  duty: {
    401: "This device is no duty manager's. Open the link that the operator of Muster gave you.",
    404: 'Nobody knows this link, or it has ended. Ask the operator of Muster for a new one.',
  } as Partial<Record<number, string>>,
} as const;
