import type { SignInNetworkService } from '../sign-in-networks/sign-in-network.service.js'
import type { DeviceTokenService, DeviceUser } from './device-token.service.js'

/** The origin of an attempt, if the user has signed in from there before. */
export interface KnownOrigin {
  /**
   * User and browser; null if they have not signed in with it, or not since their password changed.
   */
  readonly browser: string | null
  /**
   * User and network; null if they have not signed in from it, or if the browser is known already.
   */
  readonly network: string | null
}

/**
 * The origin of an attempt for an unknown login, or from a place where its user never signed in.
 */
export const unknownOrigin: KnownOrigin = { browser: null, network: null }

/** Recognizes the browsers and networks that users have signed in from. */
export class KnownOriginService {
  constructor(
    private readonly devices: DeviceTokenService,
    private readonly networks: SignInNetworkService,
  ) {}

  /**
   * Finds what is known about an origin. Does the same work if the user is null because the login
   * does not exist.
   */
  async find(
    user: DeviceUser | null,
    ip: string,
    deviceToken: string | undefined,
  ): Promise<KnownOrigin> {
    const id = user?.id ?? ''
    const device = await this.devices.recognize(deviceToken, user)
    // A known browser has its own count, so there is no need to query the networks.
    if (device !== null) return { browser: `${id} ${device}`, network: null }
    const network = await this.networks.find(id, ip)
    return { browser: null, network: network === null ? null : `${id} ${network}` }
  }
}
