package kit

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Timeout derives the context of an operation: duration is the method of the model's timeouts attribute, as in m.Timeouts.Create.
func Timeout(ctx context.Context, duration func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), fallback time.Duration, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	limit, d := duration(ctx, fallback)
	diags.Append(d...)
	return context.WithTimeout(ctx, limit)
}
