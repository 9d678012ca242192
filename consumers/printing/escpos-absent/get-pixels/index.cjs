module.exports = function absent() {
  throw new Error("get-pixels is left out of Comanda: escpos is used for text encoding alone (docs/dependencies.md)");
};
