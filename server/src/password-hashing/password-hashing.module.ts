import type { Config } from '../config/config.js'
import { PasswordHasher } from './password-hasher.js'

/** Hashes passwords with argon2id, a limited number at a time. */
export const passwordHashingModule = {
  create: ({ config }: { config: Config }) => ({
    services: { hasher: new PasswordHasher(config.hashing) },
  }),
}
