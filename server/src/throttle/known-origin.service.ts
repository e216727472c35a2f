import type { SignInNetworkService } from '../sign-in-networks/sign-in-network.service.js'
import type { DeviceTokenService, DeviceUser } from './device-token.service.js'

/** Where an attempt comes from, as far as the person has signed in from there before. */
export interface KnownOrigin {
  /** Person and browser; null if they have not signed in with it, or not since their password changed. */
  readonly browser: string | null
  /** Person and network; null if they have not signed in from it, or the browser is known already. */
  readonly network: string | null
}

/** The origin of an attempt for a login that nobody has, or from where its user never signed in. */
export const unknownOrigin: KnownOrigin = { browser: null, network: null }

/** Recognizes the browsers and networks that people have signed in from. */
export class KnownOriginService {
  constructor(
    private readonly devices: DeviceTokenService,
    private readonly networks: SignInNetworkService,
  ) {}

  /** What is known of an origin; the same work if the user is null, because nobody has the login. */
  async find(
    user: DeviceUser | null,
    ip: string,
    deviceToken: string | undefined,
  ): Promise<KnownOrigin> {
    const id = user?.id ?? ''
    const device = await this.devices.recognize(deviceToken, user)
    // A known browser is counted by itself, so its sign-in needs no look at the networks.
    if (device !== null) return { browser: `${id} ${device}`, network: null }
    const network = await this.networks.find(id, ip)
    return { browser: null, network: network === null ? null : `${id} ${network}` }
  }
}
