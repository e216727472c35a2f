import type { Database } from '../database/database.js'
import { OneTimeLinkEntity } from './one-time-link.entity.js'
import { OneTimeLinkResolver } from './one-time-link.resolver.js'
import { OneTimeLinkService } from './one-time-link.service.js'

/** Links sent by mail that work once: invitation, password reset, setup. */
export const oneTimeLinksModule = {
  entities: [OneTimeLinkEntity],
  create: ({ database }: { database: Database }) => {
    const links = new OneTimeLinkService(database)
    return {
      services: { links },
      resolvers: [new OneTimeLinkResolver(links)],
      sweeps: [() => database.write(unit => links.sweep(unit))],
    }
  },
}
