// 4 × 4 matrices, column by column as in WGSL.

export type Matrix = ArrayLike<number>

/** a · b: applies b first, then a. */
export function product(a: Matrix, b: Matrix): Float64Array {
  const out = new Float64Array(16)
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      for (let i = 0; i < 4; i++) out[4 * column + row] += a[4 * i + row] * b[4 * column + i]
    }
  }
  return out
}

/** Scales, then translates. */
export function scaledAndMoved(scale: Point3, by: Point3): Float64Array {
  return Float64Array.of(scale[0], 0, 0, 0, 0, scale[1], 0, 0, 0, 0, scale[2], 0, ...by, 1)
}

/**
 * By Gauss–Jordan elimination with the largest pivot of each column. A singular matrix gives non-finite
 * numbers.
 */
export function inverse(matrix: Matrix): Float64Array {
  const rows = [0, 1, 2, 3].map(row => {
    const unit = [0, 1, 2, 3].map(i => (i === row ? 1 : 0))
    return [...[0, 1, 2, 3].map(column => matrix[4 * column + row]), ...unit]
  })
  for (let column = 0; column < 4; column++) {
    let pivot = column
    for (let row = column + 1; row < 4; row++) {
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row
    }
    ;[rows[column], rows[pivot]] = [rows[pivot], rows[column]]
    const divisor = rows[column][column]
    rows[column] = rows[column].map(value => value / divisor)
    for (let row = 0; row < 4; row++) {
      const times = rows[row][column]
      if (row !== column) rows[row] = rows[row].map((value, i) => value - times * rows[column][i])
    }
  }
  return Float64Array.from({ length: 16 }, (_, i) => rows[i % 4][4 + (i >> 2)])
}

/** A transformed point before the division by w. */
export function transformed(matrix: Matrix, [x, y, z]: Point3): [x: number, y: number, z: number, w: number] {
  const row = (i: number) => matrix[i] * x + matrix[4 + i] * y + matrix[8 + i] * z + matrix[12 + i]
  return [row(0), row(1), row(2), row(3)]
}

/** Box space: x is time to the right, y price upwards, z size towards the viewer at rest. */
export type Point3 = readonly [x: number, y: number, z: number]
