import {
  describeRule,
  type PasswordRule,
  type PasswordRuleSetting,
  type PasswordPolicy as PolicySettings,
  passwordRules,
  passwordRulesAttribute,
} from '@rekey/shared/password-policy'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'

/** The codes of the rules as an enum of the schema. */
export const PasswordRuleEnum = Object.fromEntries(passwordRules.map(rule => [rule, rule])) as {
  [Rule in PasswordRule]: Rule
}

registerEnumType(PasswordRuleEnum, {
  name: 'PasswordRule',
  description: 'Code of one rule of the password policy. Stable: translate by it.',
  valuesConfig: {
    MIN_LENGTH: {
      description: 'Long enough, counted in Unicode code points after NFC normalisation.',
    },
    MAX_LENGTH: {
      description: 'Not too long, counted in Unicode code points after NFC normalisation.',
    },
    UPPERCASE: { description: 'Enough uppercase letters of any script (Unicode Lu, Lt).' },
    LOWERCASE: { description: 'Enough lowercase letters of any script (Unicode Ll).' },
    NUMBER: { description: 'Enough decimal digits of any script (Unicode Nd).' },
    SPECIAL: {
      description:
        'Enough characters that are neither letter, mark nor number, nor any that nobody sees: control, format, private-use and unassigned ones (Unicode L, M, N, C). A space counts.',
    },
    INVALID_CHARACTER: {
      description:
        'No character that nobody can see, such as a control character, a zero-width space or a direction mark: it can’t be typed again. The joiners U+200C and U+200D are allowed.',
    },
    SAME_AS_CURRENT: { description: 'Another password than the one it replaces.' },
    COMMON: { description: 'Not, as a whole and regardless of case, a commonly used password.' },
    CONTAINS_LOGIN: { description: 'Does not contain the part of the login before the @.' },
    REUSED: { description: 'None of the last passwords of the profile. Only the server can tell.' },
  },
})

/** One rule with its bounds. */
@ObjectType({ description: 'One rule of the password policy, with its bounds and its wording.' })
export class PasswordPolicyRule {
  @Field(() => PasswordRuleEnum, { description: 'The code of the rule.' })
  rule: PasswordRule

  @Field(() => Int, {
    nullable: true,
    description:
      'The least number: of characters for MIN_LENGTH, UPPERCASE, LOWERCASE, NUMBER and SPECIAL; for CONTAINS_LOGIN, how long the name in the login must be before it is looked for. Null for other rules.',
  })
  min: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'The greatest number of characters, for MAX_LENGTH. Null for other rules.',
  })
  max: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'How many of the last passwords may not come back, the current one included, for REUSED. Null for other rules.',
  })
  last: number | null

  @Field(() => String, { description: 'The rule as a requirement, in plain English.' })
  description: string

  constructor(setting: PasswordRuleSetting) {
    this.rule = setting.rule
    this.min = 'min' in setting ? setting.min : null
    this.max = 'max' in setting ? setting.max : null
    this.last = 'last' in setting ? setting.last : null
    this.description = describeRule(setting)
  }
}

/** The rules a new password must meet. */
@ObjectType({ description: 'The rules a new password must meet.' })
export class PasswordPolicy {
  @Field(() => [PasswordPolicyRule], {
    description: 'The rules that are switched on, in the order to show them in.',
  })
  rules: PasswordPolicyRule[]

  @Field(() => String, {
    description:
      'The policy as the value of the HTML attribute passwordrules, by which password managers make passwords that fit. It knows lengths and classes of characters, and no more.',
  })
  passwordRules: string

  constructor(policy: PolicySettings) {
    this.passwordRules = passwordRulesAttribute(policy)
    this.rules = policy.map(setting => new PasswordPolicyRule(setting))
  }
}

/** One rule a new password breaks. */
@ObjectType({ description: 'One rule that the new password breaks.' })
export class PasswordRuleViolation {
  @Field(() => PasswordRuleEnum, { description: 'The code of the rule.' })
  rule: PasswordRule

  @Field(() => String, { description: 'The requirement that is not met, in plain English.' })
  message: string

  constructor(setting: PasswordRuleSetting) {
    this.rule = setting.rule
    this.message = describeRule(setting)
  }
}

/** The new password breaks the policy. */
@ObjectType({
  implements: UserError,
  description: 'The new password breaks at least one rule of the password policy.',
})
export class PasswordPolicyViolated extends UserError {
  @Field(() => [PasswordRuleViolation], {
    description: 'Every rule that is broken, in the policy’s order; never empty.',
  })
  violations: PasswordRuleViolation[]

  constructor(settings: readonly PasswordRuleSetting[], path: string[]) {
    super('The new password does not meet the requirements.', path)
    this.violations = settings.map(setting => new PasswordRuleViolation(setting))
  }
}
