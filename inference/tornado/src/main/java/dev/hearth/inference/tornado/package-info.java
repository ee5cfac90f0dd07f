/**
 * Runs plans on an OpenCL device by TornadoVM, the only package that knows it. Found by the engine
 * through {@link dev.hearth.inference.backend.BackendProvider}.
 */
@NullMarked
package dev.hearth.inference.tornado;

import org.jspecify.annotations.NullMarked;
