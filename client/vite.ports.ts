const { PORT = '4000', PUBLIC_URL = 'http://localhost:5173' } = process.env
const spa = Number(new URL(PUBLIC_URL).port || 5173)

/**
 * Where the development servers listen: the SPA's where PUBLIC_URL says, the explorer's on the
 * port after it. The API listens on PORT.
 */
export const ports = { spa, explorer: spa + 1 }

/** The API. */
export const api = `http://127.0.0.1:${PORT}`
