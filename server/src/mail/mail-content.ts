import { accentOf, lightShade } from '@rekey/shared/accent'
import escapeHtml from 'escape-html'
import type { Language } from '../messages/language.js'
import type { AccountLook } from '../settings/account-look.js'
import { browserWordsOf } from './browser-words.js'

/** The content of a mail, from which both its text and its HTML are made. */
export interface MailContent {
  readonly subject: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  /** Facts, each on its own line: a name and its value. */
  readonly facts: readonly (readonly [string, string])[]
  /** What the reader can do: the text of a link, and its address. */
  readonly action?: { readonly label: string; readonly url: string }
  /** The last line, in a subdued style. */
  readonly footer: string
  /** When the link of the action expires, if it does. The mail is not sent after that. */
  readonly linkExpiresAt?: Date
  /** What the mail is about. Its sender finds the mail by this value until it is delivered. */
  readonly reference?: string
}

/** The content of a mail in the language of its recipient. */
export type MailTemplate = (language: Language) => MailContent

/** The facts that state when and from where something was done. */
export const placeFacts = (
  language: Language,
  at: Date,
  { ip, userAgent }: { readonly ip: string; readonly userAgent: string },
): MailContent['facts'] => {
  const { t } = language
  return [
    [t('mail.fact.when'), language.formatMoment(at)],
    [t('mail.fact.from'), ip],
    ...(userAgent === ''
      ? []
      : [[t('mail.fact.browser'), browserWordsOf(language, userAgent)] as const]),
  ]
}

/** The mail as plain text. */
export const textOf = (content: MailContent, language: Language): string => {
  const facts = content.facts.map(([name, value]) => `${name}: ${language.inserted(value)}`)
  const { label, url } = content.action ?? {}
  // On a line of its own, an address keeps its direction. Isolates could become a part of the link.
  const beforeUrl = language.dir === 'ltr' ? ' ' : '\n'
  return [
    content.greeting,
    ...content.paragraphs,
    ...(facts.length === 0 ? [] : [facts.join('\n')]),
    ...(url === undefined ? [] : [`${label}:${beforeUrl}${url}`]),
    `-- \n${content.footer}`,
  ].join('\n\n')
}

const paragraph = (text: string, style = 'margin:0 0 16px'): string =>
  `<p style="${style}">${escapeHtml(text)}</p>`

// The accent colour without one of the account.
const ownAccent = '#0f6c63'

/** The Content-ID of the logo, which is attached because mail programs block remote images. */
export const logoId = 'account-logo@rekey'

/**
 * The mail as HTML: with inline styles, without remote resources, and with all texts escaped. It may
 * show the attachment {@link logoId}.
 */
export const htmlOf = (
  content: MailContent,
  language: Language,
  { accentColor, logo }: AccountLook,
): string => {
  const { tag, dir, account } = language
  const accent =
    (accentColor === null ? undefined : accentOf(accentColor).shades[lightShade]) ?? ownAccent
  const name = escapeHtml(account)
  const image =
    logo === null
      ? ''
      : `<img src="cid:${logoId}" alt="" height="32" style="height:32px;max-width:160px;object-fit:contain;vertical-align:middle"> `
  const rows = content.facts
    .map(
      ([name, value]) =>
        `<tr><td style="padding:2px ${dir === 'ltr' ? '16px 2px 0' : '0 2px 16px'};color:#495057">${escapeHtml(name)}</td><td style="padding:2px 0;word-break:break-word">${escapeHtml(language.inserted(value))}</td></tr>`,
    )
    .join('')
  const facts =
    rows === ''
      ? ''
      : `<table role="presentation" style="border-collapse:collapse;font-size:15px">${rows}</table>`
  const action = content.action
    ? `<p style="margin:24px 0"><a href="${escapeHtml(content.action.url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:${accent};color:#fff;text-decoration:none;font-weight:600">${escapeHtml(content.action.label)}</a></p>`
    : ''
  return `<!doctype html>
<html lang="${escapeHtml(tag)}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(content.subject)}</title></head>
<body style="margin:0;background:#f1f3f5;color:#212529;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px 16px">
<p style="margin:0 0 12px;font-weight:700;color:${accent}">${image}${name}</p>
<div style="background:#fff;border-radius:12px;padding:24px">
<h1 style="margin:0 0 16px;font-size:20px">${escapeHtml(content.subject)}</h1>
${paragraph(content.greeting)}
${content.paragraphs.map(text => paragraph(text)).join('\n')}
${facts}
${action}
</div>
${paragraph(content.footer, 'margin:16px 0 0;font-size:13px;color:#495057')}
</div></body></html>`
}
