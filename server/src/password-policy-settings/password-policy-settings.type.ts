import {
  boundOf,
  canBeSwitchedOff,
  defaultBoundOf,
  type PasswordRule,
  type PasswordPolicy as PolicySettings,
  type PasswordPolicyPreset as PresetName,
  passwordPolicyPresets,
  passwordRules,
  presetPolicies,
  ruleBounds,
  settingOf,
} from '@rekey/shared/password-policy'
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type BreachSourceKind, breachSourceKinds } from '../breached-passwords/breach-source.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { PasswordRuleEnum } from '../passwords/password-policy.type.js'

/** The names of the presets, as an enum of the schema. */
const PresetNameEnum = Object.fromEntries(passwordPolicyPresets.map(name => [name, name])) as {
  [Name in PresetName]: Name
}

registerEnumType(PresetNameEnum, {
  name: 'PasswordPolicyPresetName',
  description: 'A password policy to begin with.',
  valuesConfig: {
    REKEY: {
      description: 'The default policy: 12 to 30 characters of four kinds, and all other rules.',
    },
    NIST: {
      description:
        'The policy of NIST SP 800-63B-4: 15 to 128 characters of any kind, no commonly used password and no context word.',
    },
  },
})

/** The sources of breached passwords, as an enum of the schema. */
const BreachSourceEnum = Object.fromEntries(breachSourceKinds.map(kind => [kind, kind])) as {
  [Kind in BreachSourceKind]: Kind
}

registerEnumType(BreachSourceEnum, {
  name: 'BreachSource',
  description: 'A source of passwords that are known from data breaches.',
  valuesConfig: {
    FILE: { description: 'A file on the server: BREACHED_PASSWORDS_FILE.' },
    RANGE_SERVICE: {
      description:
        'A service that receives the first five hex digits of a password’s SHA-1 hash: BREACHED_PASSWORDS_URL.',
    },
  },
})

/** One rule in the settings, switched on or off. */
@ObjectType('PasswordRuleSettings', {
  description: 'One rule of the password policy in the settings, switched on or off.',
})
export class PasswordRuleSettingsType {
  @Field(() => PasswordRuleEnum, { description: 'The code of the rule.' })
  rule: PasswordRule

  @Field(() => Boolean, { description: 'Whether the rule is switched on.' })
  enabled: boolean

  @Field(() => Boolean, {
    description:
      'Whether the rule can be switched off. MIN_LENGTH and INVALID_CHARACTER always apply.',
  })
  canBeSwitchedOff: boolean

  @Field(() => Int, {
    nullable: true,
    description:
      'The number of the rule: PasswordPolicyRule.min, max or last. If the rule is switched off, the number that it gets when it is switched on. Null for a rule without a number.',
  })
  bound: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'The least number that the rule accepts. Null for a rule without a number.',
  })
  leastBound: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'The greatest number that the rule accepts. Null for a rule without a number.',
  })
  greatestBound: number | null

  constructor(rule: PasswordRule, policy: PolicySettings) {
    const setting = settingOf(policy, rule)
    this.rule = rule
    this.enabled = setting !== undefined
    this.canBeSwitchedOff = canBeSwitchedOff(rule)
    this.bound = setting === undefined ? defaultBoundOf(rule) : boundOf(setting)
    this.leastBound = ruleBounds[rule]?.least ?? null
    this.greatestBound = ruleBounds[rule]?.greatest ?? null
  }
}

const rulesOf = (policy: PolicySettings): PasswordRuleSettingsType[] =>
  passwordRules.map(rule => new PasswordRuleSettingsType(rule, policy))

/** A policy to begin with. */
@ObjectType({ description: 'A password policy to begin with.' })
export class PasswordPolicyPreset {
  @Field(() => PresetNameEnum, { description: 'The name of the preset.' })
  name: PresetName

  @Field(() => [PasswordRuleSettingsType], {
    description: 'Every rule, as the preset sets it, in the order in which to show the rules.',
  })
  rules: PasswordRuleSettingsType[]

  constructor(name: PresetName) {
    this.name = name
    this.rules = rulesOf(presetPolicies[name])
  }
}

/** The password policy as an administrator sets it. */
@ObjectType({ description: 'The password policy as an administrator sets it.' })
export class PasswordPolicySettings {
  @Field(() => [PasswordRuleSettingsType], {
    description: 'Every rule, switched on or off, in the order in which to show the rules.',
  })
  rules: PasswordRuleSettingsType[]

  @Field(() => Boolean, {
    description:
      'Whether the policy can be changed only in the file that PASSWORD_POLICY_FILE names.',
  })
  locked: boolean

  @Field(() => [BreachSourceEnum], {
    description:
      'The sources of breached passwords, in the order in which the server queries them. If there is none, the rule BREACHED has no effect.',
  })
  breachSources: readonly BreachSourceKind[]

  @Field(() => [PasswordPolicyPreset], {
    description: 'Complete policies. The rules of one of them are a valid input.',
  })
  presets: PasswordPolicyPreset[]

  constructor(policy: PolicySettings, locked: boolean, breachSources: readonly BreachSourceKind[]) {
    this.breachSources = breachSources
    this.rules = rulesOf(policy)
    this.locked = locked
    this.presets = passwordPolicyPresets.map(name => new PasswordPolicyPreset(name))
  }
}

/** A rule to change. */
@InputType({ description: 'A rule of the password policy to change.' })
export class PasswordRuleInput {
  @Field(() => PasswordRuleEnum, { description: 'The code of the rule.' })
  rule!: PasswordRule

  @Field(() => Boolean, { description: 'Whether the rule is switched on.' })
  enabled!: boolean

  @Field(() => Int, {
    nullable: true,
    description:
      'The number of the rule, from leastBound to greatestBound. If it is null or left out, or the rule is switched off, the number stays as it is. A rule without a number accepts only null.',
  })
  bound?: number | null
}

/** Changes to the password policy. */
@InputType({ description: 'Changes to the password policy.' })
export class UpdatePasswordPolicyInput {
  @Field(() => [PasswordRuleInput], {
    description:
      'The rules to change, each at most once. Rules that are left out stay as they are.',
  })
  rules!: PasswordRuleInput[]
}

/** The policy comes from a file. */
@ObjectType({
  implements: UserError,
  description:
    'The policy comes from the file that PASSWORD_POLICY_FILE names, and can be changed only there.',
})
export class PasswordPolicyLocked extends UserError {
  constructor() {
    super(text('password-policy-settings.error.locked'), [])
  }
}

const UpdatePasswordPolicyError = createUnionType({
  name: 'UpdatePasswordPolicyError',
  description: 'Why the password policy was not changed.',
  types: () => [InvalidField, PasswordPolicyLocked] as const,
})

/** The result of changing the password policy. */
@ObjectType({ description: 'The result of changing the password policy.' })
export class UpdatePasswordPolicyPayload {
  @Field(() => PasswordPolicySettings, {
    nullable: true,
    description: 'The updated policy; null if the change was rejected.',
  })
  settings: PasswordPolicySettings | null = null

  @Field(() => [UpdatePasswordPolicyError], {
    description: 'Empty if the policy was changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdatePasswordPolicyError)[] = []
}
