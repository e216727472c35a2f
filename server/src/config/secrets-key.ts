/** The length of the secrets key in bytes, for AES-256. */
export const secretsKeyBytes = 32

/** Parses the key; null if the text is not 32 bytes in base64. */
export const parseSecretsKey = (text: string): Buffer | null => {
  const trimmed = text.trim()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null
  const key = Buffer.from(trimmed, 'base64')
  return key.length === secretsKeyBytes ? key : null
}
