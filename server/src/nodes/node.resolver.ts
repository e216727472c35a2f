import { hasPermission } from '@rekey/shared/access'
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import { badInput } from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'
import { maxPageSize } from '../graphql/keyset-page.js'
import { RequestLoader } from '../graphql/request-loader.js'
import type { Caller } from '../users/caller.js'
import { Node } from './node.type.js'
import type { NodeSource } from './node-source.js'

const maySearch = ({ permission, sessionOnly }: NodeSource, caller: Caller): boolean =>
  (permission === undefined || hasPermission(caller, permission)) &&
  !(sessionOnly && caller.session === null)

/** Finds objects of all types by their ids. */
@Resolver()
export class NodeResolver {
  // An id does not say which type it belongs to. The loader collects the ids of the whole request,
  // so each source runs one query, however many fields and ids there are.
  private readonly found = new RequestLoader<Node>(async (ids, context) => {
    const caller = context.requireSignedIn()
    const sources = this.sources.filter(source => maySearch(source, caller))
    const nodes = await Promise.all(sources.map(source => source.find(ids, caller, context)))
    return new Map(nodes.flat().map(node => [node.id, node]))
  })

  constructor(private readonly sources: readonly NodeSource[]) {}

  @Query(() => Node, {
    nullable: true,
    description:
      'The object with this id. Null if there is none, or if the caller may not see it, so that the answer does not reveal which ids exist. Requires a signed-in caller, and what the other queries for the type require.',
  })
  async node(
    @Arg('id', () => ID, { description: 'The id of the object.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Node | null> {
    context.requireSignedIn()
    return (await this.found.load(id, context)) ?? null
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: `The objects with these ids, in the order of the ids, each as \`node\` returns it. At most ${maxPageSize} ids; otherwise \`BAD_USER_INPUT\`.`,
  })
  async nodes(
    @Arg('ids', () => [ID], { description: `The ids of the objects, at most ${maxPageSize}.` })
    ids: string[],
    @Ctx() context: Context,
  ): Promise<(Node | null)[]> {
    context.requireSignedIn()
    if (ids.length > maxPageSize) {
      throw badInput(`nodes accepts at most ${maxPageSize} ids: this request has ${ids.length}.`)
    }
    return Promise.all(ids.map(async id => (await this.found.load(id, context)) ?? null))
  }
}
