import { Arg, Query, Resolver } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import type { OneTimeLinkService } from './one-time-link.service.js'
import { OneTimeLink } from './one-time-link.type.js'

/** Returns the status of a one-time link for its page. */
@Resolver()
export class OneTimeLinkResolver {
  constructor(private readonly links: OneTimeLinkService) {}

  @Query(() => OneTimeLink, {
    description:
      'The status of a link that was sent by mail, for the page of the link. It requires no sign-in, because the token is the proof. The query does not use up the link.',
  })
  async oneTimeLink(
    @MaxLength(200)
    @Arg('token', () => String, {
      description:
        'The token of the link. Send it as a variable in a POST request, because URLs may be logged.',
    })
    token: string,
  ): Promise<OneTimeLink> {
    return new OneTimeLink(await this.links.read(token))
  }
}
