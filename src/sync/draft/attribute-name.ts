/** A name that Brevo takes for an attribute, made of what a field is called. Pure. */

/** Brevo takes A to Z, digits, _ and -. */
const lengthAtMost = 50

/** Null where nothing readable would be left of it: scripts other than Latin and Korean. */
export function attributeNameFor(label: string): string | null {
  const name = romanise(label.normalize('NFC')).replaceAll('ß', 'ss').normalize('NFKD').replace(/\p{M}/gu, '')
  // What is half lost would mislead.
  if (/\p{L}/u.test(name.replace(/[a-z]/gi, ''))) return null
  const plain = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .slice(0, lengthAtMost)
    .replace(/^_+|_+$/g, '')
  return /[A-Z]/.test(plain) ? plain : null
}

const initials = 'g kk n d tt r m b pp s ss - j jj ch k t p h'.split(' ')
const vowels = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ')
const finals = '- k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ')
const firstSyllable = 0xac00

/** Korean in Latin letters, syllable by syllable after the Revised Romanisation. */
function romanise(text: string): string {
  return text.replace(/[가-힣]/g, (syllable) => {
    const index = (syllable.codePointAt(0) ?? firstSyllable) - firstSyllable
    const parts = [
      initials[Math.floor(index / (21 * 28))],
      vowels[Math.floor(index / 28) % 21],
      finals[index % 28],
    ]
    return parts.join('').replaceAll('-', '')
  })
}
