/**
 * True if this browser supports passkeys. In its own file, because the sign-in page needs it
 * before anything else is loaded.
 */
export const knowsPasskeys = (): boolean => typeof window.PublicKeyCredential === 'function'
