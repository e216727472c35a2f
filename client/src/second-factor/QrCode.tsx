import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import { useMemo } from 'react'

interface Props {
  text: string
  /** The label for screen readers. */
  label: string
}

/** The quiet zone around a code, in modules (ISO/IEC 18004, 6.3.8). */
const quiet = 4

/** Draws a text as a QR code, in the browser, so that no other service sees the text. */
export const QrCode = ({ text, label }: Props) => {
  const { size, path } = useMemo(() => {
    const code = generate(text)
    return { size: code.size + 2 * quiet, path: toSvgPath(code) }
  }, [text])
  return (
    // Dark on light in both colour schemes, because some scanners cannot read the reverse.
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-quiet} ${-quiet} ${size} ${size}`}
      width={200}
      height={200}
      shapeRendering="crispEdges"
    >
      <rect x={-quiet} y={-quiet} width={size} height={size} fill="#fff" rx={2} />
      <path d={path} fill="#000" />
    </svg>
  )
}
