import { Args, Ctx, Query, Resolver } from 'type-graphql'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { criteriaOf, OrderDirection, UserConnection, UsersArgs } from './user-connection.type.js'
import type { UserSearchService } from './user-search.service.js'

/** Lists and searches users. */
@Resolver()
export class UserSearchResolver {
  constructor(private readonly service: UserSearchService) {}

  @Query(() => UserConnection, {
    description:
      'The users in pages. Requires users.read. For the next page use first and after, for the previous page last and before.',
  })
  async users(@Args(() => UsersArgs) args: UsersArgs, @Ctx() context: Context) {
    const page = await this.service.list(context.requireSignedIn(), {
      ...pageArgumentsOf(args),
      ...criteriaOf(args),
      orderBy: args.orderBy?.field ?? 'NAME',
      descending: args.orderBy?.direction === OrderDirection.DESC,
    })
    return new UserConnection(page)
  }
}
