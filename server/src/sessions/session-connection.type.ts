import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import type { SessionEntity } from './session.entity.js'

/** A signed-in browser, as its user is shown it. */
@ObjectType({ description: 'A browser in which the caller is signed in.' })
class Session {
  @Field(() => ID, { description: 'Opaque and stable. Not the token: nobody signs in with it.' })
  id: string

  @Field(() => String, { description: 'The address it was begun from.' })
  ip: string

  @Field(() => String, { description: 'The User-Agent it was begun with; may be empty.' })
  userAgent: string

  @Field(() => GraphQLDateTimeISO, { description: 'When it was begun.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description: 'When it was last used, to the minute. Unused for a while it ends by itself.',
  })
  lastSeenAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When it ends, however much it is used.' })
  expiresAt: Date

  @Field(() => Boolean, { description: 'Whether it is the one the request came with.' })
  current: boolean

  constructor(session: SessionEntity, currentId: string) {
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

/** A session with its place in a list. */
@ObjectType({ description: 'A session with its place in a list.' })
class SessionEdge {
  @Field(() => String, { description: 'The place of this session, to page on from.' })
  cursor!: string

  @Field(() => Session, { description: 'The session.' })
  node!: Session
}

/** One page of sessions. */
@ObjectType({
  description:
    'One page of the caller’s sessions, the one used last first (Relay Cursor Connections Specification).',
})
export class SessionConnection {
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(
    private readonly page: CountedPage<SessionEntity>,
    private readonly currentId: string,
  ) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [SessionEdge], { description: 'The sessions with their places.' })
  edges(): SessionEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new Session(row, this.currentId),
    }))
  }

  @Field(() => [Session], { description: 'The sessions alone, for those who need no cursors.' })
  nodes(): Session[] {
    return this.page.rows.map(row => new Session(row, this.currentId))
  }

  @Field(() => Int, { description: 'How many sessions there are, on all pages together.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}
