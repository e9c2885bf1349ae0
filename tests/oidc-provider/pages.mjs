// The pages of the provider, as plain as can be.

export const page = (heading, inside) =>
  `<!DOCTYPE html><html lang="en"><head><title>${heading}</title></head><body><h1>${heading}</h1>${inside}</body></html>`;
