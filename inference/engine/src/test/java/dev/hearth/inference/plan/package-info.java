@NullMarked
package dev.hearth.inference.plan;

import org.jspecify.annotations.NullMarked;
