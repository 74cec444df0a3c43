import { PhonePreview } from "@/components/templates/phone-preview";
import type { Parameter } from "@/lib/campaigns/schema";
import { placeholderOf } from "@/lib/campaigns/words";
import type { Media } from "@/lib/media/schema";
import type { TemplateComponent } from "@/lib/templates/schema";
import { renderComponents } from "@/lib/templates/variables";

type Props = {
  title: string;
  components: TemplateComponent[];
  parameters: Parameter[];
  media: Media | undefined;
  businessName: string;
};

/** The message with the names of the fields where people read their own. */
export function MessageSent({ title, components, parameters, media, businessName }: Props) {
  return (
    <section aria-labelledby="message-title" className="grid content-start gap-3">
      <h2 id="message-title" className="text-center font-medium text-muted-foreground text-sm">
        {title}
      </h2>
      <PhonePreview
        {...renderComponents(components, parameters.map(placeholderOf), media)}
        businessName={businessName}
      />
    </section>
  );
}
