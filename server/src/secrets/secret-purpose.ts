/** The purpose and the owner of a secret. It cannot be unsealed for any other. */
export interface SecretPurpose {
  /** The purpose, such as `totp`. */
  readonly purpose: string
  /** The owner: the id of a user, or of another object that the secret belongs to. */
  readonly owner: string
  /**
   * A token of 256 random bits that its holder presents each time, and that the server never
   * stores. Without it, nobody can unseal the secret, even with the key and the database.
   */
  readonly credential?: string
}
