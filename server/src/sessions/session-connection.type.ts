import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { Node } from '../nodes/node.type.js'
import type { SessionEntity } from './session.entity.js'

/** A signed-in browser. */
@ObjectType({ implements: Node, description: 'A browser in which a user is signed in.' })
export class Session implements Node {
  @Field(() => ID, {
    description:
      'The opaque, stable id of the session. It is not the token, so no one can sign in with it.',
  })
  id: string

  @Field(() => String, { description: 'The address from which the session was started.' })
  ip: string

  @Field(() => String, {
    description: 'The User-Agent with which the session was started; may be empty.',
  })
  userAgent: string

  @Field(() => GraphQLDateTimeISO, { description: 'When the session was started.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description:
      'When the session was last used, to the minute. A session that is not used for a while expires.',
  })
  lastSeenAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When the session expires, even if it is used.' })
  expiresAt: Date

  @Field(() => Boolean, { description: 'Whether this is the session of the request.' })
  current: boolean

  constructor(session: SessionEntity, currentId: string | null) {
    this.id = session.id
    this.ip = session.ip
    this.userAgent = session.userAgent
    this.createdAt = session.createdAt
    this.lastSeenAt = session.lastSeenAt
    this.expiresAt = session.expiresAt
    this.current = session.id === currentId
  }
}

/** Arguments of the list of sessions. */
@ArgsType()
export class SessionsArgs extends PageArgs {}

/** A session and its cursor. */
@ObjectType({ description: 'A session and its cursor.' })
class SessionEdge {
  @Field(() => String, { description: 'The cursor of this session.' })
  cursor!: string

  @Field(() => Session, { description: 'The session.' })
  node!: Session
}

/** One page of sessions. */
@ObjectType({
  description:
    'One page of a user’s sessions, the most recently used first (Relay Cursor Connections Specification).',
})
export class SessionConnection {
  @Field(() => PageInfo, { description: 'Whether there are items before and after this page.' })
  pageInfo: PageInfo

  constructor(
    private readonly page: CountedPage<SessionEntity>,
    /** The session of the request; null if it uses an API token. */
    private readonly currentId: string | null,
  ) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [SessionEdge], { description: 'The sessions with their cursors.' })
  edges(): SessionEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new Session(row, this.currentId),
    }))
  }

  @Field(() => [Session], { description: 'The sessions without cursors.' })
  nodes(): Session[] {
    return this.page.rows.map(row => new Session(row, this.currentId))
  }

  @Field(() => Int, { description: 'The number of sessions on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}
