import { readColor } from '@rekey/shared/accent'
import type { AccessGuard } from '../access/access-guard.service.js'
import type { RequestOrigin } from '../http/request-origin.js'
import { text } from '../messages/language.js'
import type { OperationService } from '../operations/operation.service.js'
import { changesBetween } from '../operations/operation-change.js'
import type { AccountLogo, AccountLook } from '../settings/account-look.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { Caller } from '../users/caller.js'
import { type FieldProblem, isName, tidyName } from '../users/user-fields.js'
import { readLogo } from './logo.js'

/** The fields of a change. Null or an empty text resets a field; undefined keeps it. */
export interface AccountLookChange {
  readonly name?: string | null
  readonly accentColor?: string | null
  /** A PNG file in Base64. */
  readonly logo?: string | null
}

/** The result of a change. */
export type AccountLookResult =
  | { readonly kind: 'updated'; readonly look: AccountLook }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }

/** The most characters of the name. */
const maxNameLength = 60

const action = 'UPDATE_ACCOUNT_LOOK'

const isEmpty = (given: string | null): given is null | '' => given === null || given === ''

/** Validates the given fields. The logo is the one to store; undefined to keep the current one. */
const readChange = (given: AccountLookChange) => {
  const problems: FieldProblem[] = []
  const change: { -readonly [Name in keyof AccountLook]?: AccountLook[Name] } = {}
  let logo: AccountLogo | null | undefined
  if (given.name !== undefined) {
    const name = tidyName(given.name ?? '')
    if (!isName(name)) {
      problems.push({ field: 'name', message: text('account-look.error.nameControl') })
    } else if ([...name].length > maxNameLength) {
      const message = text('account-look.error.nameTooLong', { max: maxNameLength })
      problems.push({ field: 'name', message })
    } else {
      change.name = name === '' ? null : name
    }
  }
  if (given.accentColor !== undefined) {
    const color = isEmpty(given.accentColor) ? null : readColor(given.accentColor)
    if (color === null && !isEmpty(given.accentColor)) {
      problems.push({ field: 'accentColor', message: text('account-look.error.colorInvalid') })
    } else {
      change.accentColor = color
    }
  }
  if (given.logo !== undefined) {
    const read = isEmpty(given.logo) ? { logo: null } : readLogo(Buffer.from(given.logo, 'base64'))
    if ('problem' in read) {
      problems.push({ field: 'logo', message: read.problem })
    } else {
      logo = read.logo
      change.logo = logo?.version ?? null
    }
  }
  return { problems, change, logo }
}

/** Changes how the account looks. */
export class UpdateAccountLookService {
  constructor(
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly guard: AccessGuard,
  ) {}

  /**
   * Changes the given fields, all of them or none.
   *
   * @throws as {@link AccessGuard.write}.
   */
  async updateAccountLook(
    actor: Caller,
    given: AccountLookChange,
    origin: RequestOrigin,
  ): Promise<AccountLookResult> {
    const { problems, change, logo } = readChange(given)
    const call = { permission: 'settings.manage', action, actor, origin } as const
    return this.guard.write(call, async (unit, caller): Promise<AccountLookResult> => {
      if (problems.length > 0) return { kind: 'invalid', problems }
      const current = await this.settings.lookIn(unit)
      const next: AccountLook = { ...current, ...change }
      await this.settings.saveLook(unit, next, logo)
      await this.operations.record(unit, origin, {
        action,
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: null,
        changes: changesBetween(current, next, ['name', 'accentColor', 'logo']),
      })
      return { kind: 'updated', look: next }
    })
  }
}
