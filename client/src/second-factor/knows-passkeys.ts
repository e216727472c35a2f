/** Whether this browser knows passkeys at all. By itself: the sign-in page asks before all else. */
export const knowsPasskeys = (): boolean => typeof window.PublicKeyCredential === 'function'
