import { useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'

/** The colours of the page in both schemes. The page itself has them before the app starts. */
const pageColors = { light: '#ffffff', dark: '#141414' }

/**
 * Gives the browser the colour of the page, which mobile browsers use around it. The page has one
 * colour for each scheme of the system; a scheme that the user has chosen replaces both.
 */
export const ThemeColor = () => {
  const { colorScheme } = useMantineColorScheme()
  useEffect(() => {
    const metas = document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')
    for (const meta of metas) {
      const system = meta.media.includes('dark') ? 'dark' : 'light'
      meta.content = pageColors[colorScheme === 'auto' ? system : colorScheme]
    }
  }, [colorScheme])
  return null
}
