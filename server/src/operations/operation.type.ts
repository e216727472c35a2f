import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { Node } from '../nodes/node.type.js'
import {
  type OperationAction,
  type OperationEntity,
  type OperationOutcome,
  operationActions,
  operationOutcomes,
} from './operation.entity.js'
import type { OperationChange } from './operation-change.js'

/** The actions as a GraphQL enum. */
const OperationActionEnum = Object.fromEntries(
  operationActions.map(action => [action, action]),
) as { [Action in OperationAction]: Action }

registerEnumType(OperationActionEnum, {
  name: 'OperationAction',
  description:
    'What was done, or refused. A mutation that affects several users is recorded once for each user.',
  valuesConfig: {
    LOG_IN: {
      description: 'A user signed in. `changes` has the `method`, such as `PASSWORD, TOTP`.',
    },
    CHALLENGE_LOG_IN: {
      description: 'The password was correct at sign-in, and a second step was required.',
    },
    LOG_OUT: { description: 'A user signed out.' },
    END_SESSION: {
      description:
        'A user ended another of their own sessions, or an administrator ended a session of a user.',
    },
    END_OTHER_SESSIONS: { description: 'A user ended all their other sessions.' },
    REAUTHENTICATE: { description: 'A signed-in user confirmed their identity again.' },
    CHANGE_PASSWORD: { description: 'A password was changed.' },
    REQUEST_PASSWORD_RESET: {
      description: 'Someone requested a link to reset a forgotten password.',
    },
    RESET_PASSWORD: { description: 'A user reset their forgotten password with a link.' },
    SEND_PASSWORD_RESET_LINK: {
      description: 'An administrator sent a user a link that resets their password.',
    },
    CREATE_PASSWORD_RESET_LINK: {
      description:
        'An administrator created a link that resets the password of a user, to hand it over.',
    },
    REQUIRE_PASSWORD_CHANGE: {
      description: 'An administrator required a user to choose a new password.',
    },
    WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: {
      description: 'An administrator no longer required a user to choose a new password.',
    },
    SECURE_USER: {
      description:
        'An administrator secured the account of a user: everything that lets someone sign in ended, except second factors.',
    },
    SIGN_OUT_USER: { description: 'An administrator ended all sessions of a user.' },
    UPDATE_USER: { description: 'A profile was edited.' },
    INVITE_USER: { description: 'A user was added and invited.' },
    PREVIEW_INVITATIONS: {
      description:
        'A user called `inviteUsers` with `dryRun`. This is recorded because the result reveals which logins exist.',
    },
    IMPORT_USER: { description: 'A user was imported from another system, with their password.' },
    PREVIEW_IMPORT: {
      description:
        'A user called `importUsers` with `dryRun`. This is recorded because the result reveals which logins exist.',
    },
    RESEND_INVITATION: { description: 'An invitation was sent again, with a new link.' },
    REVOKE_INVITATION: { description: 'An invitation was revoked.' },
    CREATE_INVITATION_LINK: {
      description:
        'An administrator created a link with which an invited user sets their first password, to hand it over.',
    },
    ACTIVATE_USER: {
      description:
        'An invited user became active: they set their password with the link of the invitation, or an administrator set it.',
    },
    CHANGE_ACCESS: { description: 'The role or the permissions of a user were changed.' },
    BLOCK_USER: {
      description: 'A user was blocked. The change `reason` has the reason, if one was given.',
    },
    UNBLOCK_USER: {
      description:
        'A user was unblocked. The changes name the API tokens that were restored or revoked, by their prefixes.',
    },
    DELETE_USER: {
      description:
        'A user was deleted, together with their personal data. If they had requested it themselves, actor and subject are the same.',
    },
    REQUEST_OWN_DELETION: {
      description: 'A user requested that their own account be deleted after a wait.',
    },
    CANCEL_OWN_DELETION: {
      description:
        'A user kept their account before it was deleted, or someone secured it, or it may no longer be deleted. The change `cause` says why.',
    },
    START_BULK_JOB: {
      description:
        'A user started a bulk job. `changes` has its action and its number of users. What the job does with each user is an operation of its own.',
    },
    CANCEL_BULK_JOB: { description: 'A user cancelled one of their bulk jobs.' },
    EXPORT_USERS: {
      description:
        'A user started a download of users as CSV. `changes` has the number of users and the filter. The searched text is not stored, only that there was one.',
    },
    ENROL_SECOND_FACTOR: {
      description: 'A user added a second factor, with one of the mutations confirm…Enrolment.',
    },
    RENAME_SECOND_FACTOR: { description: 'A user renamed one of their second factors.' },
    REMOVE_SECOND_FACTOR: { description: 'A user removed one of their second factors.' },
    REGENERATE_RECOVERY_CODES: { description: 'A user replaced their recovery codes.' },
    RESET_SECOND_FACTOR: {
      description: 'All second factors of a user were removed by someone else.',
    },
    REVOKE_TRUSTED_DEVICE: { description: 'A user stopped trusting one of their devices.' },
    REVOKE_ALL_TRUSTED_DEVICES: {
      description:
        'A user stopped trusting all their devices, or an administrator did so for a user.',
    },
    UPDATE_SECURITY_SETTINGS: {
      description: 'The security settings of the whole account were changed.',
    },
    UPDATE_ACCOUNT_SETTINGS: {
      description: 'Someone changed the account’s default language or region.',
    },
    UPDATE_PASSWORD_POLICY: {
      description: 'Someone changed the password policy of the whole account.',
    },
    UPDATE_PASSWORD_AGE: {
      description: 'Someone changed how old passwords may become.',
    },
    UPDATE_SETUP_CHECKLIST: {
      description: 'Someone skipped steps of the set-up checklist, or showed them again.',
    },
    UPDATE_OPERATION_RETENTION: {
      description: 'Someone changed how long operations are kept.',
    },
    DELETE_OPERATIONS: {
      description:
        'The server deleted operations that were older than the setting. The changes have the number and the hash of the last deleted one.',
    },
    UPDATE_ACCOUNT_LOOK: {
      description: 'Someone changed the name, the logo or the accent colour of the account.',
    },
    UPDATE_OWN_DELETION: {
      description: 'Someone changed whether users may delete their own accounts.',
    },
    ADD_ALLOWED_ADDRESS: { description: 'An address range was added to the allowed addresses.' },
    REMOVE_ALLOWED_ADDRESS: {
      description: 'An address range was removed from the allowed addresses.',
    },
    SET_UP_OWNER: { description: 'The first owner was created.' },
    CREATE_WEBHOOK: { description: 'A webhook was added.' },
    UPDATE_WEBHOOK: { description: 'A user edited, disabled or enabled a webhook.' },
    DISABLE_WEBHOOK: {
      description:
        'The server disabled a webhook, because its receiver was gone or failed for days. The change `cause` says which.',
    },
    ROTATE_WEBHOOK_SECRET: { description: 'A webhook got a new secret.' },
    DELETE_WEBHOOK: { description: 'A webhook was deleted.' },
    TEST_WEBHOOK: { description: 'A test was sent to a webhook.' },
    REPLAY_WEBHOOK_DELIVERY: { description: 'A webhook delivery was sent again.' },
    SEND_TEST_MAIL: { description: 'A user sent a test mail to themselves.' },
    RETRY_MAIL: {
      description: 'An undelivered mail was retried. `changes` has its subject.',
    },
    DROP_MAIL: {
      description:
        'An undelivered mail was dropped and will never be sent. `changes` has its subject.',
    },
    CREATE_API_TOKEN: { description: 'A user created an API token.' },
    REVOKE_API_TOKEN: {
      description:
        'A user revoked one of their API tokens, or an administrator revoked one of a user.',
    },
    ROTATE_SECRETS_KEY: { description: 'The operator replaced the secrets key.' },
    READ: {
      description:
        'A user was refused access to data they tried to read. It is recorded at most once a minute for each user.',
    },
  } satisfies Record<OperationAction, { description: string }>,
})

/** The outcomes as a GraphQL enum. */
const OperationOutcomeEnum = Object.fromEntries(
  operationOutcomes.map(outcome => [outcome, outcome]),
) as { [Outcome in OperationOutcome]: Outcome }

registerEnumType(OperationOutcomeEnum, {
  name: 'OperationOutcome',
  description: 'The outcome of an operation.',
  valuesConfig: {
    DONE: { description: 'It was done.' },
    REFUSED: { description: 'It was refused. The field `reason` has the error code.' },
  },
})

/** A change that an operation made. */
@ObjectType('OperationChange', {
  description:
    'A change that an operation made: one property, and its value before and after. Both values are the same if the entry only identifies the object of the operation.',
})
class OperationChangeType implements OperationChange {
  @Field(() => String, {
    description:
      'The name of the property in this schema, such as role, grantedPermissions, secondFactor, range (of an allowed address), url and events (of a webhook), apiTokenPrefix, or method (of a second factor). newPlace says whether the browser, the network or both were new for the user who signed in. breachCheckFailed lists the sources of breached passwords that failed, so that a new password was saved without their check.',
  })
  name!: string

  @Field(() => String, {
    nullable: true,
    description:
      'The value before. List items are separated by commas. Null means no value. A webhook’s URL is reduced to its origin. Both `from` and `to` are null if the value is personal data, such as a name, because that is not stored here.',
  })
  from!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The value after, in the same form as `from`.',
  })
  to!: string | null
}

/** One entry of the operation list. */
@ObjectType({
  implements: Node,
  description:
    'One entry of the operation list: who did what to whom, when, from where, and with which outcome. Operations can be added, but not changed. Only the server removes them, the oldest first, if the account has a setting for that.',
})
export class Operation implements Node {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => Int, {
    nullable: true,
    description:
      'The place in the chain, from 1 without gaps. Null for a moment, until the operation is chained.',
  })
  number: number | null

  @Field(() => GraphQLDateTimeISO, { description: 'When it happened.' })
  at: Date

  @Field(() => OperationActionEnum, { description: 'What was done, or refused.' })
  action: OperationAction

  @Field(() => OperationOutcomeEnum, { description: 'The outcome.' })
  outcome: OperationOutcome

  @Field(() => String, {
    nullable: true,
    description:
      'Why it was refused, as a code such as CURRENT_PASSWORD_INCORRECT; null if it was done.',
  })
  reason: string | null

  @Field(() => String, {
    description:
      'The address of the request; IPv6 addresses as RFC 5952 writes them. It is “command line” if a command of the server did it, “server” if a background job did it without a user, “unknown” if the proxy in front reported no address, and “hidden” if another user did it and the caller lacks operations.read.',
  })
  ip: string

  @Field(() => String, {
    description:
      'The User-Agent of the request. Empty if there was none, or if the address is hidden.',
  })
  userAgent: string

  @Field(() => String, {
    description: 'The id of the request, to find its lines in the server’s log.',
  })
  requestId: string

  @Field(() => String, {
    nullable: true,
    description:
      'The prefix of the API token that was used, such as rk_live_Ab3dEf. Null if none was used, or if the address is hidden.',
  })
  apiTokenPrefix: string | null

  @Field(() => [OperationChangeType], {
    description:
      'What the operation changed, if action and subject do not show it. Otherwise empty, and also empty for operations of versions that did not record changes.',
  })
  changes: readonly OperationChange[]

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 over the operation and the hash of the operation before, in hex, which makes changes of earlier operations detectable. Null for a moment, until the operation is chained, and for callers without `operations.read`.',
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

/** Filters of the operation list. */
@InputType({
  description: 'Filters of the operation list. A filter that is left out has no effect.',
})
export class OperationFilter {
  @Field(() => ID, { nullable: true, description: 'Only operations that this user did.' })
  actorId?: string | null

  @Field(() => ID, { nullable: true, description: 'Only operations that were done to this user.' })
  subjectId?: string | null

  @Field(() => [OperationActionEnum], {
    nullable: true,
    description: 'Only operations with one of these actions. An empty list has no effect.',
  })
  actions?: OperationAction[] | null

  @Field(() => [OperationOutcomeEnum], {
    nullable: true,
    description: 'Only operations with one of these outcomes. An empty list has no effect.',
  })
  outcomes?: OperationOutcome[] | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description:
      'Only operations from exactly this address, IPv4 or IPv6 in any spelling. An IPv4-mapped address matches the IPv4 address. Also accepts “command line”, “server” and “unknown”.',
  })
  ip?: string | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description:
      'Only operations done with the API token that has this prefix: its first 14 characters, as in the field apiTokenPrefix. Never send a whole token.',
  })
  apiTokenPrefix?: string | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Only operations at this time or later. It must not be after `until`.',
  })
  from?: Date | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Only operations before this time.',
  })
  until?: Date | null
}

/** The orders of the operation list. */
export enum OperationOrder {
  NEWEST_FIRST = 'NEWEST_FIRST',
  OLDEST_FIRST = 'OLDEST_FIRST',
}

registerEnumType(OperationOrder, {
  name: 'OperationOrder',
  description: 'The orders of the operation list.',
  valuesConfig: {
    NEWEST_FIRST: { description: 'By time, the newest operation first.' },
    OLDEST_FIRST: {
      description:
        'In the order of the chain, the oldest operation first. New operations are only added at the end, usually within a second, so a client can request what comes after the last cursor and misses nothing.',
    },
  },
})

/** Arguments of the operation list. */
@ArgsType()
export class OperationsArgs extends PageArgs {
  @Field(() => OperationFilter, { nullable: true, description: 'Filters the list.' })
  filter?: OperationFilter | null

  @Field(() => OperationOrder, {
    nullable: true,
    description:
      'The order. Defaults to NEWEST_FIRST. A cursor is valid only for the order it came from.',
  })
  order?: OperationOrder | null
}

/** An operation and its cursor. */
@ObjectType({ description: 'An operation and its cursor in a list.' })
class OperationEdge {
  @Field(() => String, { description: 'The cursor of this operation, to continue the list from.' })
  cursor!: string

  @Field(() => Operation, { description: 'The operation.' })
  node!: Operation
}

/** One page of operations. */
@ObjectType({
  description: 'One page of the operation list (Relay Cursor Connections Specification).',
})
export class OperationConnection {
  @Field(() => PageInfo, {
    description:
      'Whether there are pages before and after this one, and the cursors to request them.',
  })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<OperationEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [OperationEdge], { description: 'The operations with their cursors.' })
  edges(): OperationEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new Operation(row),
    }))
  }

  @Field(() => [Operation], { description: 'The operations without cursors.' })
  nodes(): Operation[] {
    return this.page.rows.map(row => new Operation(row))
  }

  @Field(() => Int, {
    description: 'The number of operations that match the filter, on all pages.',
  })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}
