import { Arg, Query, Resolver } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import type { OneTimeLinkService } from './one-time-link.service.js'
import { OneTimeLink } from './one-time-link.type.js'

/** Tells the page of a one-time link whether it works. */
@Resolver()
export class OneTimeLinkResolver {
  constructor(private readonly links: OneTimeLinkService) {}

  @Query(() => OneTimeLink, {
    description:
      'Whether a link that was sent by mail works, for the page it leads to. Readable when signed out: who holds the token holds the link. Asking does not use it up.',
  })
  async oneTimeLink(
    @MaxLength(200)
    @Arg('token', () => String, {
      description:
        'The token of the link. Send it as a variable of a POST: an address may be logged.',
    })
    token: string,
  ): Promise<OneTimeLink> {
    return new OneTimeLink(await this.links.read(token))
  }
}
