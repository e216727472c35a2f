import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import {
  type OperationAction,
  type OperationEntity,
  type OperationOutcome,
  operationActions,
  operationOutcomes,
} from './operation.entity.js'
import type { OperationChange } from './operation-change.js'

/** Actions as an enum of the schema. */
const OperationActionEnum = Object.fromEntries(
  operationActions.map(action => [action, action]),
) as { [Action in OperationAction]: Action }

registerEnumType(OperationActionEnum, {
  name: 'OperationAction',
  description:
    'What was done, or tried. What a mutation does to many users is told of each of them.',
  valuesConfig: {
    LOG_IN: {
      description: 'Someone signed in. `changes` has the `method`, such as `PASSWORD, TOTP`.',
    },
    CHALLENGE_LOG_IN: {
      description: 'The password was right at sign-in, and a second step was asked for.',
    },
    LOG_OUT: { description: 'Someone signed out.' },
    END_SESSION: { description: 'Someone ended another session of their own.' },
    END_OTHER_SESSIONS: { description: 'Someone ended all their other sessions.' },
    REAUTHENTICATE: { description: 'Someone signed in proved again who they are.' },
    CHANGE_PASSWORD: { description: 'A password was changed.' },
    REQUEST_PASSWORD_RESET: { description: 'A link to reset a forgotten password was asked for.' },
    RESET_PASSWORD: { description: 'A forgotten password was replaced through its link.' },
    UPDATE_USER: { description: 'A profile was edited.' },
    INVITE_USER: { description: 'A user was added and invited.' },
    PREVIEW_INVITATIONS: {
      description:
        'Someone asked by `dryRun` what `inviteUsers` would do. It reveals which logins exist.',
    },
    RESEND_INVITATION: { description: 'An invitation was sent again, with a fresh link.' },
    REVOKE_INVITATION: { description: 'An invitation was revoked.' },
    ACTIVATE_USER: { description: 'An invited user set their password and became active.' },
    CHANGE_ACCESS: { description: 'The role or single permissions of a user were changed.' },
    BLOCK_USER: { description: 'A user was blocked.' },
    UNBLOCK_USER: { description: 'A user was unblocked.' },
    DELETE_USER: { description: 'A user was deleted, with the personal data kept about them.' },
    ENROL_SECOND_FACTOR: {
      description: 'Someone added a second factor of their own, by a mutation confirm…Enrolment.',
    },
    RENAME_SECOND_FACTOR: { description: 'Someone gave a second factor another name.' },
    REMOVE_SECOND_FACTOR: { description: 'Someone removed a second factor of their own.' },
    REGENERATE_RECOVERY_CODES: { description: 'Someone replaced their recovery codes.' },
    RESET_SECOND_FACTOR: { description: 'Every second factor was taken from a user.' },
    REVOKE_TRUSTED_DEVICE: { description: 'Someone stopped trusting a device of theirs.' },
    REVOKE_ALL_TRUSTED_DEVICES: { description: 'Someone stopped trusting all their devices.' },
    UPDATE_SECURITY_SETTINGS: {
      description: 'The security settings of the whole account were changed.',
    },
    UPDATE_ACCOUNT_SETTINGS: {
      description: 'Someone changed the account’s default language or region.',
    },
    ADD_ALLOWED_ADDRESS: { description: 'A range was added to the allowed addresses.' },
    REMOVE_ALLOWED_ADDRESS: { description: 'A range was removed from the allowed addresses.' },
    SET_UP_OWNER: { description: 'The first owner was made.' },
    CREATE_WEBHOOK: { description: 'A webhook was added.' },
    UPDATE_WEBHOOK: { description: 'A webhook was edited, disabled or enabled.' },
    ROTATE_WEBHOOK_SECRET: { description: 'A webhook got a new secret.' },
    DELETE_WEBHOOK: { description: 'A webhook was deleted.' },
    TEST_WEBHOOK: { description: 'A test was sent to a webhook.' },
    REPLAY_WEBHOOK_DELIVERY: { description: 'An event was sent to a webhook once more.' },
    SEND_TEST_MAIL: { description: 'Someone sent a test mail to themselves.' },
    RETRY_MAIL: {
      description: 'A mail that was not delivered was tried again. `changes` has its subject.',
    },
    DROP_MAIL: {
      description:
        'A mail that was not delivered was dropped, so that it never is. `changes` has its subject.',
    },
    CREATE_API_TOKEN: { description: 'Someone created an API token of their own.' },
    REVOKE_API_TOKEN: { description: 'Someone revoked an API token of their own.' },
    ROTATE_SECRETS_KEY: { description: 'The operator replaced the secrets key.' },
    READ: {
      description:
        'Someone was refused something that they wanted to read. Recorded at most once a minute for each user.',
    },
  },
})

/** Outcomes as an enum of the schema. */
const OperationOutcomeEnum = Object.fromEntries(
  operationOutcomes.map(outcome => [outcome, outcome]),
) as { [Outcome in OperationOutcome]: Outcome }

registerEnumType(OperationOutcomeEnum, {
  name: 'OperationOutcome',
  description: 'How an operation ended.',
  valuesConfig: {
    DONE: { description: 'It was done.' },
    REFUSED: { description: 'It was refused; the reason tells why.' },
  },
})

/** What an operation changed of something. */
@ObjectType('OperationChange', {
  description:
    'What an operation changed of something: one property, and its value before and after. Where it only tells what something was done to, both are alike.',
})
class OperationChangeType implements OperationChange {
  @Field(() => String, {
    description:
      'The property by its name in this schema, such as role, grantedPermissions, secondFactor, range (of an allowed address), url and events (of a webhook), apiTokenPrefix, or method (of a second factor).',
  })
  name!: string

  @Field(() => String, {
    nullable: true,
    description:
      'Its value before, the items of a list after each other; null for none. Of a webhook’s URL its origin alone. Null as well as `to` where the value is personal data, as of a profile: that is not kept here.',
  })
  from!: string | null

  @Field(() => String, { nullable: true, description: 'Its value since then, likewise.' })
  to!: string | null
}

/** One line of the operation list. */
@ObjectType({
  description:
    'One line of the operation list: who did what on whom, when, from where, with what outcome. Operations are only ever added.',
})
export class Operation {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => Int, {
    nullable: true,
    description: 'Counts from 1 without a gap; null for the moment until it is chained.',
  })
  number: number | null

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date

  @Field(() => OperationActionEnum, { description: 'What was done, or tried.' })
  action: OperationAction

  @Field(() => OperationOutcomeEnum, { description: 'How it ended.' })
  outcome: OperationOutcome

  @Field(() => String, {
    nullable: true,
    description:
      'Why it was refused, as a code such as CURRENT_PASSWORD_INCORRECT; null when it was done.',
  })
  reason: string | null

  @Field(() => String, {
    description:
      'The address it came from, IPv6 as RFC 5952 has it; “command line” when a command of the server did it, “unknown” when a proxy in front told none, “hidden” when someone else did it and the caller lacks operations.read.',
  })
  ip: string

  @Field(() => String, {
    description:
      'The User-Agent it came from; empty when there was none, and when the address is hidden.',
  })
  userAgent: string

  @Field(() => String, { description: 'Id of its request, by which the server’s log is searched.' })
  requestId: string

  @Field(() => String, {
    nullable: true,
    description:
      'What the API token begins with by which it was done, such as rk_live_Ab3dEf; null when it was done without one, and when the address is hidden.',
  })
  apiTokenPrefix: string | null

  @Field(() => [OperationChangeType], {
    description:
      'What it changed, where action and subject don’t say it; empty otherwise, and for what was done before Rekey kept it.',
  })
  changes: readonly OperationChange[]

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 over all of it and the hash of the operation before, in hex: nothing before it can be changed unnoticed. Null for the moment until it is chained, and when the address is hidden.',
  })
  hash: string | null

  readonly actorId: string | null
  readonly subjectId: string | null

  constructor(entity: OperationEntity) {
    this.id = entity.id
    this.number = entity.number
    this.at = entity.at
    this.action = entity.action
    this.outcome = entity.outcome
    this.reason = entity.reason
    this.ip = entity.ip
    this.userAgent = entity.userAgent
    this.requestId = entity.requestId
    this.apiTokenPrefix = entity.apiTokenPrefix
    this.changes = entity.changes
    this.hash = entity.hash
    this.actorId = entity.actorId
    this.subjectId = entity.subjectId
  }
}

/** What to narrow the operation list to. */
@InputType({ description: 'Narrows the operation list; what is left out does not narrow it.' })
export class OperationFilter {
  @Field(() => ID, { nullable: true, description: 'Only what this user did.' })
  actorId?: string | null

  @Field(() => ID, { nullable: true, description: 'Only what was done on this user.' })
  subjectId?: string | null

  @Field(() => [OperationActionEnum], {
    nullable: true,
    description: 'Any of these actions; an empty list does not narrow.',
  })
  actions?: OperationAction[] | null

  @Field(() => [OperationOutcomeEnum], {
    nullable: true,
    description: 'Any of these outcomes; an empty list does not narrow.',
  })
  outcomes?: OperationOutcome[] | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description:
      'Only what came from this very address, IPv4 or IPv6 in any spelling; an IPv4-mapped one is the IPv4 address. Or what has “command line” or “unknown” in place of one.',
  })
  ip?: string | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description:
      'Only what was done by the API token that begins so: its first 14 characters, as the field of this name tells them. Never send a whole token.',
  })
  apiTokenPrefix?: string | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'From this point in time on; not after `until`.',
  })
  from?: Date | null

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Before this point in time.' })
  until?: Date | null
}

/** Arguments of the operation list. */
@ArgsType()
export class OperationsArgs extends PageArgs {
  @Field(() => OperationFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: OperationFilter | null
}

/** An operation with its place in a list. */
@ObjectType({ description: 'An operation with its place in a list.' })
class OperationEdge {
  @Field(() => String, { description: 'The place of this operation, to page on from.' })
  cursor!: string

  @Field(() => Operation, { description: 'The operation.' })
  node!: Operation
}

/** One page of operations. */
@ObjectType({
  description:
    'One page of the operation list, newest first (Relay Cursor Connections Specification).',
})
export class OperationConnection {
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<OperationEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [OperationEdge], { description: 'The operations with their places.' })
  edges(): OperationEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new Operation(row),
    }))
  }

  @Field(() => [Operation], { description: 'The operations alone, for those who need no cursors.' })
  nodes(): Operation[] {
    return this.page.rows.map(row => new Operation(row))
  }

  @Field(() => Int, {
    description: 'How many operations the filter leaves, on all pages together.',
  })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}
