import type { Database } from '../database/database.js'
import { SignInNetworkEntity } from './sign-in-network.entity.js'
import { SignInNetworkService } from './sign-in-network.service.js'

/** The networks from which each user has signed in. */
export const signInNetworksModule = {
  entities: [SignInNetworkEntity],
  create: ({ database }: { database: Database }) => ({
    services: { signInNetworks: new SignInNetworkService(database) },
  }),
}
