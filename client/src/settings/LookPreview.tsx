import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { accentOf, contrastOf, darkShade, lightShade } from '@rekey/shared/accent'
import { useLocale } from '../messages/use-locale'

interface Props {
  name: string
  /** A colour as `#rrggbb`. */
  color: string
  /** The address of the logo; null without one. */
  logo: string | null
}

const schemes = [
  { scheme: 'light', background: '#ffffff', text: '#212529', button: lightShade, link: lightShade },
  { scheme: 'dark', background: '#242424', text: '#f1f3f5', button: darkShade, link: 3 },
] as const

/** What the accent colour looks like in both themes, and its contrast there. */
export const LookPreview = ({ name, color, logo }: Props) => {
  const { t, formatNumber } = useLocale()
  const { shades, adjusted } = accentOf(color)
  const contrast = (one: string, other: string) =>
    // Rounded down: the number must not promise too much.
    formatNumber(Math.floor(contrastOf(one, other) * 10) / 10)
  return (
    <Stack gap="xs" role="group" aria-label={t('settings.look.preview')}>
      <Text size="sm" fw={500} aria-hidden>
        {t('settings.look.preview')}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {schemes.map(({ scheme, background, text, button, link }) => {
          const [buttonColor = '', linkColor = ''] = [shades[button], shades[link]]
          return (
            <Stack
              key={scheme}
              gap="sm"
              p="md"
              style={{
                background,
                color: text,
                borderRadius: 'var(--mantine-radius-md)',
                border: '1px solid var(--mantine-color-default-border)',
                forcedColorAdjust: 'none',
              }}
            >
              <Group gap={8} wrap="nowrap" miw={0}>
                {logo !== null && (
                  <img
                    src={logo}
                    alt=""
                    height={28}
                    style={{ maxWidth: '7rem', objectFit: 'contain' }}
                  />
                )}
                <Text fw={700} lineClamp={2} dir="auto">
                  {name}
                </Text>
              </Group>
              <Group gap="md">
                <span
                  style={{
                    background: buttonColor,
                    color: '#ffffff',
                    padding: '0.4rem 0.9rem',
                    borderRadius: 'var(--mantine-radius-md)',
                    fontSize: 'var(--mantine-font-size-sm)',
                    fontWeight: 600,
                  }}
                >
                  {t('settings.look.button')}
                </span>
                <span style={{ color: linkColor, fontSize: 'var(--mantine-font-size-sm)' }}>
                  {t('settings.look.link')}
                </span>
              </Group>
              <Text size="xs">
                {t(scheme === 'light' ? 'settings.look.light' : 'settings.look.dark', {
                  button: contrast('#ffffff', buttonColor),
                  link: contrast(linkColor, background),
                })}
              </Text>
            </Stack>
          )
        })}
      </SimpleGrid>
      <Text size="xs" c="dimmed" role="status">
        {adjusted ? t('settings.look.adjusted') : ''}
      </Text>
    </Stack>
  )
}
