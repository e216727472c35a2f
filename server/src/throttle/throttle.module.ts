import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import { DeviceTokenService } from './device-token.service.js'
import { ThrottleEntity } from './throttle.entity.js'
import { ThrottleService } from './throttle.service.js'

/** Waits after wrong passwords and codes, and the browsers that are exempt from some of them. */
export const throttleModule = {
  entities: [ThrottleEntity],
  create: ({ config, database }: { config: Config; database: Database }) => {
    const throttle = new ThrottleService(database, config.throttle)
    const devices = new DeviceTokenService(database)
    return { services: { throttle, devices }, sweeps: [() => throttle.sweep()] }
  },
}
