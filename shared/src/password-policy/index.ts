export { loadCommonPasswords } from './common-passwords.js'
export { generatePassword } from './generate-password.js'
export {
  defaultPasswordPolicy,
  evaluate,
  foldPassword,
  hasInvalidCharacter,
  newPasswordForm,
  normalizePassword,
  type PasswordContext,
  type PasswordFinding,
  type PasswordPolicy,
  type PasswordRule,
  type PasswordRuleSetting,
  passwordRules,
  ruleKeys,
  settingOf,
  violationsOf,
} from './password-policy.js'
export { passwordRulesAttribute } from './password-rules-attribute.js'
export {
  boundOf,
  canBeSwitchedOff,
  contradictionKeys,
  contradictionOf,
  defaultBoundOf,
  type PasswordPolicyPreset,
  type PolicyContradiction,
  passwordPolicyPresets,
  presetPolicies,
  type RuleBound,
  ruleBounds,
  ruleWith,
} from './policy-bounds.js'
