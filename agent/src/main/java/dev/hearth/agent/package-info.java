/**
 * The application. Its direct sub-packages are its modules; a module's root package is its public
 * face.
 */
@NullMarked
package dev.hearth.agent;

import org.jspecify.annotations.NullMarked;
