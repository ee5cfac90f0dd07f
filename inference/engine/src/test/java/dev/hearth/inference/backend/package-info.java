@NullMarked
package dev.hearth.inference.backend;

import org.jspecify.annotations.NullMarked;
