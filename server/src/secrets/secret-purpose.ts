/** What a secret is for, and whose it is. It opens for nothing and nobody else. */
export interface SecretPurpose {
  /** Such as `totp`. */
  readonly purpose: string
  /** Whose it is: a user, or what stands for one before they are known. */
  readonly owner: string
  /**
   * A token of 256 random bits that its holder shows each time and the server keeps nowhere.
   * Without it the secret opens for nobody, whoever has the key and the database.
   */
  readonly credential?: string
}
