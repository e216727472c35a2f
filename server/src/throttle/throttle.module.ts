import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { DeviceTokenService } from './device-token.service.js'
import { ThrottleEntity } from './throttle.entity.js'
import { ThrottleService } from './throttle.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly secrets: SecretBox
}

/** Waits after wrong passwords and codes, and the browsers that are exempt from some of them. */
export const throttleModule = {
  entities: [ThrottleEntity],
  create: ({ config, database, secrets }: Needs) => {
    const throttle = new ThrottleService(database, config.throttle)
    const devices = new DeviceTokenService(database, secrets)
    return { services: { throttle, devices }, sweeps: [() => throttle.sweep()] }
  },
}
