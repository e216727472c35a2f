import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SignInNetworkService } from '../sign-in-networks/sign-in-network.service.js'
import { DeviceTokenService } from './device-token.service.js'
import { KnownOriginService } from './known-origin.service.js'
import { ThrottleEntity } from './throttle.entity.js'
import { ThrottleService } from './throttle.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly secrets: SecretBox
  readonly signInNetworks: SignInNetworkService
}

/** Waits after wrong passwords and codes, with separate counts for known browsers and networks. */
export const throttleModule = {
  entities: [ThrottleEntity],
  create: ({ config, database, secrets, signInNetworks }: Needs) => {
    const throttle = new ThrottleService(database, config.throttle)
    const devices = new DeviceTokenService(database, secrets)
    const knownOrigins = new KnownOriginService(devices, signInNetworks)
    return { services: { throttle, devices, knownOrigins }, sweeps: [() => throttle.sweep()] }
  },
}
