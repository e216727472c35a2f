import type { Config } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { localOrigin, type RequestOrigin } from '../http/request-origin.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationRecord, OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SealedData } from '../secrets/sealed-data.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { makeNewSecretsKeyFile, useNewSecretsKeyFile } from '../secrets/secrets-key.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'

const resetLinkSeconds = 30 * 60

/**
 * Helps users who are locked out. An operator runs these commands at the command line of the
 * server, where no user is signed in. Every command is recorded in the operation list.
 */
export class OperatorService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly users: UserService,
    private readonly links: OneTimeLinkService,
    private readonly secondFactors: SecondFactorService,
    private readonly operations: OperationService,
    private readonly secrets: SecretBox,
    private readonly config: Pick<Config, 'publicUrl' | 'secrets'>,
  ) {}

  /**
   * Switches IP authorization off; the list stays. The change takes effect on a running server
   * within a second.
   *
   * @returns the message for the operator.
   */
  switchIpAuthorizationOff(): Promise<string> {
    return this.database.write(async unit => {
      const settings = await this.settings.readIn(unit)
      if (!settings.ipAuthorization) return 'IP authorization is off already.'
      await this.settings.replace(unit, { ...settings, ipAuthorization: false })
      await this.record(unit, 'ip:off', {
        action: 'UPDATE_SECURITY_SETTINGS',
        subjectId: null,
        changes: [changeOf('ipAuthorization', true, false)],
      })
      return 'IP authorization is off. The list of allowed addresses is as it was.'
    })
  }

  /**
   * Creates a link with which an active user sets a new password. Earlier links stop working. The
   * sessions end when the link is used.
   *
   * @returns the message for the operator, with the link. The link is stored and logged nowhere.
   * @throws if there is no such user, or if the user could not sign in.
   */
  resetPassword(login: string): Promise<string> {
    return this.database.write(async unit => {
      const user = await this.users.findByLoginIn(unit, login)
      if (user === null) throw new Error('There is no user with this login.')
      if (user.status === 'INVITED') {
        throw new Error('This user has not accepted their invitation: send it again instead.')
      }
      if (user.status === 'BLOCKED') throw new Error('This user is blocked: unblock them first.')
      const { token } = await this.links.issue(unit, 'PASSWORD_RESET', user.id, resetLinkSeconds)
      const record = { action: 'REQUEST_PASSWORD_RESET', subjectId: user.id } as const
      await this.record(unit, 'user:reset-password', record)
      // In the fragment: browsers do not send it, so no log contains it.
      return `For 30 minutes, once: ${this.config.publicUrl.origin}/reset-password#token=${token}`
    })
  }

  /**
   * Removes every second factor, recovery code and trusted device of a user who has lost them. A
   * mail notifies the user.
   *
   * @returns the message for the operator.
   * @throws if there is no such user.
   */
  resetSecondFactor(login: string): Promise<string> {
    return this.database.write(async unit => {
      const user = await this.users.findByLoginIn(unit, login)
      if (user === null) throw new Error('There is no user with this login.')
      await this.secondFactors.resetIn(unit, user, null, originOf('user:reset-2fa'))
      return 'Removed the second factors, recovery codes and trusted devices. The password is enough to sign in.'
    })
  }

  /**
   * Replaces the secrets key. Only answers stored for a retry and SMS codes that are on their way
   * are lost. No server may run at the same time.
   *
   * @param sealed the encrypted data of all features, which depends on the key.
   * @returns the message for the operator.
   * @throws ConfigError if SECRETS_KEY is set and SECRETS_KEY_NEW is not, or if both are the same.
   */
  async rotateSecretsKey(sealed: readonly SealedData[]): Promise<string> {
    const { key, newKey, file } = this.config.secrets
    if (key !== null && newKey === null) {
      throw new ConfigError([
        'SECRETS_KEY_NEW is missing. Set it to the key that replaces SECRETS_KEY: 32 bytes in base64.',
      ])
    }
    // The key in the file must belong to the database before a second key file is created.
    await this.secrets.open()
    const note: SealedData = unit =>
      this.record(unit, 'secrets:rotate', { action: 'ROTATE_SECRETS_KEY', subjectId: null })
    await this.secrets.replaceKey(newKey ?? (await makeNewSecretsKeyFile(file)), [...sealed, note])
    if (newKey !== null) {
      return 'The secrets key is replaced. Set SECRETS_KEY to the value of SECRETS_KEY_NEW, and remove that, before you start the server.'
    }
    await useNewSecretsKeyFile(file)
    return `The secrets key is replaced. The new one is in ${file}.`
  }

  private record(
    unit: WritingUnitOfWork,
    command: string,
    record: Pick<OperationRecord, 'action' | 'subjectId' | 'changes'>,
  ): Promise<void> {
    const origin = originOf(command)
    return this.operations.record(unit, origin, { ...record, outcome: 'DONE', actorId: null })
  }
}

const originOf = (command: string): RequestOrigin => localOrigin('command line', `rekey ${command}`)
