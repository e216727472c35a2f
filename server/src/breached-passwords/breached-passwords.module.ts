import type { Config } from '../config/config.js'
import type { BreachSource } from './breach-source.js'
import { BreachedPasswordFile } from './breached-password-file.js'
import { BreachedPasswordsService } from './breached-passwords.service.js'
import { RangeService } from './range-service.js'

const sourcesOf = ({ file, rangeUrl }: Config['breachedPasswords']): BreachSource[] => [
  // First, because it is faster and nothing leaves the server.
  ...(file === null ? [] : [new BreachedPasswordFile(file)]),
  ...(rangeUrl === null ? [] : [new RangeService(rangeUrl)]),
]

/** Passwords that are known from data breaches. */
export const breachedPasswordsModule = {
  create: ({ config }: { config: Config }) => ({
    services: {
      breachedPasswords: new BreachedPasswordsService(sourcesOf(config.breachedPasswords)),
    },
  }),
}
