import type { Config } from '../config/config.js'
import { PasswordHasher } from './password-hasher.js'

/** Hashing of passwords with argon2id, a bounded number at a time. */
export const passwordHashingModule = {
  create: ({ config }: { config: Config }) => ({
    services: { hasher: new PasswordHasher(config.hashing) },
  }),
}
