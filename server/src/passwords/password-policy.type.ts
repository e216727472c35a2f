import {
  type PasswordRule,
  type PasswordRuleSetting,
  type PasswordPolicy as PolicySettings,
  passwordRules,
  passwordRulesAttribute,
  ruleKeys,
} from '@rekey/shared/password-policy'
import { Ctx, Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Context } from '../graphql/context.js'
import { UserError } from '../graphql/user-error.type.js'
import { type Text, text } from '../messages/language.js'

/** The codes of the rules, as an enum of the schema. */
export const PasswordRuleEnum = Object.fromEntries(passwordRules.map(rule => [rule, rule])) as {
  [Rule in PasswordRule]: Rule
}

registerEnumType(PasswordRuleEnum, {
  name: 'PasswordRule',
  description:
    'The code of one rule of the password policy. Codes never change, so a client can translate by them.',
  valuesConfig: {
    MIN_LENGTH: {
      description:
        'The password is long enough. Its length is counted in Unicode code points after NFC normalisation.',
    },
    MAX_LENGTH: {
      description:
        'The password is not too long. Its length is counted in Unicode code points after NFC normalisation.',
    },
    UPPERCASE: {
      description: 'The password has enough uppercase letters of any script (Unicode Lu, Lt).',
    },
    LOWERCASE: {
      description: 'The password has enough lowercase letters of any script (Unicode Ll).',
    },
    NUMBER: { description: 'The password has enough decimal digits of any script (Unicode Nd).' },
    SPECIAL: {
      description:
        'The password has enough special characters. Special is every character except letters, marks, numbers, and control, format, private-use and unassigned characters (Unicode L, M, N, C). A space counts.',
    },
    INVALID_CHARACTER: {
      description:
        'The password has no invisible character, such as a control character, a zero-width space or a direction mark. Users could not type it again. The joiners U+200C and U+200D are allowed.',
    },
    SAME_AS_CURRENT: { description: 'The password differs from the one that it replaces.' },
    COMMON: { description: 'The whole password, regardless of case, is not a commonly used one.' },
    CONTAINS_LOGIN: {
      description: 'The password does not contain the part of the login before the @.',
    },
    CONTEXT_WORD: {
      description:
        'The password contains no word of the user’s first and last name and of PasswordPolicy.contextWords, regardless of case, accents and apostrophes.',
    },
    BREACHED: {
      description:
        'The password is not known from a data breach. Only the server can check this. PasswordPolicy has this rule only if the server has a source of breached passwords.',
    },
    REUSED: {
      description:
        'The password is none of the user’s last passwords. Only the server can check this.',
    },
  },
})

/** The rule as a requirement. */
export const ruleText = (setting: PasswordRuleSetting): Text => ({
  id: ruleKeys[setting.rule],
  values: setting,
})

/** One rule of the password policy, with its bounds. */
@ObjectType({ description: 'One rule of the password policy, with its bounds and its wording.' })
export class PasswordPolicyRule {
  @Field(() => PasswordRuleEnum, { description: 'The code of the rule.' })
  rule: PasswordRule

  @Field(() => Int, {
    nullable: true,
    description:
      'The least number of characters, for MIN_LENGTH, UPPERCASE, LOWERCASE, NUMBER and SPECIAL. For CONTAINS_LOGIN, the least length of the name in the login for the rule to apply. For CONTEXT_WORD, the least length of a word. Null for other rules.',
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
      'How many of the last passwords, including the current one, a user must not reuse, for REUSED. Null for other rules.',
  })
  last: number | null

  private readonly text: Text

  constructor(setting: PasswordRuleSetting) {
    this.rule = setting.rule
    this.min = 'min' in setting ? setting.min : null
    this.max = 'max' in setting ? setting.max : null
    this.last = 'last' in setting ? setting.last : null
    this.text = ruleText(setting)
  }

  @Field(() => String, {
    description: 'The rule as a requirement, in the language of UserError.message.',
  })
  description(@Ctx() { language }: Context): string {
    return language.translate(this.text)
  }
}

/** The rules that a new password must meet. */
@ObjectType({ description: 'The rules that a new password must meet.' })
export class PasswordPolicy {
  @Field(() => [PasswordPolicyRule], {
    description: 'The enabled rules, in the order in which to show them.',
  })
  rules: PasswordPolicyRule[]

  @Field(() => String, {
    description:
      'The policy as a value of the HTML attribute passwordrules. Password managers use it to generate passwords that fit. It expresses only lengths and classes of characters.',
  })
  passwordRules: string

  @Field(() => [String], {
    description:
      'The texts whose words CONTEXT_WORD rejects for every user: the names of the product and of the account, and the parts of the server’s host name. For each user, the words of their first and last name are added.',
  })
  contextWords: readonly string[]

  constructor(policy: PolicySettings, contextWords: readonly string[]) {
    this.contextWords = contextWords
    this.passwordRules = passwordRulesAttribute(policy)
    this.rules = policy.map(setting => new PasswordPolicyRule(setting))
  }
}

/** One rule that the new password breaks. */
@ObjectType({ description: 'One rule that the new password breaks.' })
export class PasswordRuleViolation {
  @Field(() => PasswordRuleEnum, { description: 'The code of the rule.' })
  rule: PasswordRule

  private readonly text: Text

  constructor(setting: PasswordRuleSetting) {
    this.rule = setting.rule
    this.text = ruleText(setting)
  }

  @Field(() => String, {
    description: 'The requirement that is not met, in the language of UserError.message.',
  })
  message(@Ctx() { language }: Context): string {
    return language.translate(this.text)
  }
}

/** The new password breaks the policy. */
@ObjectType({
  implements: UserError,
  description: 'The new password breaks at least one rule of the password policy.',
})
export class PasswordPolicyViolated extends UserError {
  @Field(() => [PasswordRuleViolation], {
    description: 'Every rule that the password breaks, in the policy’s order; never empty.',
  })
  violations: PasswordRuleViolation[]

  constructor(settings: readonly PasswordRuleSetting[], path: string[]) {
    super(text('passwords.error.passwordPolicyViolated'), path)
    this.violations = settings.map(setting => new PasswordRuleViolation(setting))
  }
}
