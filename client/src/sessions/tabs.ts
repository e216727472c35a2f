/** What a tab announces to the others about the session that they share. */
interface Announcement {
  /** The id of the user who is signed in; null after a sign-out. */
  readonly userId: string | null
}

// A channel does not send to itself, so a tab has only one.
const channel =
  typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('rekey-session')

/** Announces to all other tabs of this browser who is signed in. */
export const announce = (userId: string | null): void =>
  channel?.postMessage({ userId } satisfies Announcement)

/**
 * Calls a function when another tab has announced something.
 *
 * @returns a function that ends this.
 */
export const onAnnouncement = (listener: (announcement: Announcement) => void): (() => void) => {
  const listen = ({ data }: MessageEvent<Announcement>) => listener(data)
  channel?.addEventListener('message', listen)
  return () => channel?.removeEventListener('message', listen)
}
